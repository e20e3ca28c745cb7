const link = (address: string, text: string) => `<a href="${address}">${text}</a>`;

/** What the page reproduces. */
export const citation = `<p class="lead">M. Jiang, H. Yang, C. Cheng, Q. Dou: <cite>IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation</cite>, IEEE Transactions on Medical Imaging 42(7):2106-2117, 2023 (${link("https://doi.org/10.1109/TMI.2023.3263072", "doi:10.1109/TMI.2023.3263072")}, ${link("https://arxiv.org/abs/2204.08467", "arXiv:2204.08467")}), reproduced by the IOP-FL Workbench.</p>`;

/** Whose code and data the experiments are made after. */
export const sources = `<h2 id="sources">Sources</h2><ul>
<li>The authors' code, read for the published reading: ${link("https://github.com/med-air/IOP-FL", "med-air/IOP-FL")}, commit 0f5fe60.</li>
<li>Prostate MRI of six sites, or the phantom made from their acquisition facts: Q. Liu, Q. Dou, P.-A. Heng, <cite>Shape-aware Meta-learning for Generalizing Prostate MRI Segmentation to Unseen Domains</cite>, MICCAI 2020 (${link("https://liuquande.github.io/SAML", "the joined set")}).</li>
<li>Retinal photographs of four sites, or their phantom: the set of DoFE (${link("https://arxiv.org/abs/2010.06208", "arXiv:2010.06208")}, ${link("https://github.com/emma-sjwang/Dofe", "data")}).</li>
</ul>`;
