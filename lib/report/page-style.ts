/**
 * The style of the report page. Wide tables and figures scroll within themselves on a narrow screen, with a shadow at the side where
 * there is more, and the name of the row stays; on paper (A4) they shrink and break lines in place of being cut.
 */
export const pageStyle = `
:root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --accent: #0067a0; --paper: #fff; }
body { margin: 0; background: #f6f8fa; color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 2rem 4rem; background: var(--paper); box-shadow: 0 0 0 1px var(--line); }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .4rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
a { color: var(--accent); } p.lead, figcaption, .soft { color: var(--soft); }
p.warning { border-left: 4px solid #d55e00; background: #fff5ee; padding: .6rem .9rem; }
figure { margin: 1.2rem 0; } figure svg, figure img { display: block; max-width: 100%; height: auto; }
.scroll { overflow-x: auto; background:
  linear-gradient(to right, var(--paper) 40%, transparent) 0 0 / 3rem 100% no-repeat local,
  linear-gradient(to left, var(--paper) 40%, transparent) 100% 0 / 3rem 100% no-repeat local,
  linear-gradient(to right, #0004, transparent) 0 0 / .8rem 100% no-repeat scroll,
  linear-gradient(to left, #0004, transparent) 100% 0 / .8rem 100% no-repeat scroll, var(--paper); }
.scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
caption { font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .3rem .6rem; white-space: nowrap; } thead th { white-space: normal; overflow-wrap: normal; vertical-align: bottom; }
thead th { border-bottom: 2px solid var(--ink); } tbody tr + tr > * { border-top: 1px solid var(--line); }
th { font-weight: 500; } td b { color: var(--accent); } td small { white-space: normal; color: var(--soft); }
tr > :first-child { position: sticky; left: 0; background: var(--paper); white-space: normal; min-width: 6rem; max-width: 16rem; }
figcaption { font-size: .85rem; margin-top: .4rem; max-width: 52rem; } figcaption ul, .missing ul { margin: .3rem 0; padding-left: 1.2rem; }
code, pre { font: .88em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; background: #f0f3f6; border-radius: 4px; }
code { padding: .1em .35em; } pre { padding: .7rem 1rem; white-space: pre-wrap; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1.2rem; font-size: .92rem; } dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 40rem) {
  main { padding: 1.2rem 1rem 3rem; } .scroll svg { max-width: none; } .scroll img { max-width: none; min-width: 40rem; }
  caption { position: sticky; left: 0; max-width: calc(100vw - 2rem); } tr > :first-child { max-width: 8rem; }
  .wide + figcaption::before { content: "Scrolls sideways. "; font-weight: 600; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; }
}
@page { size: A4; margin: 12mm; }
@media print {
  :root { font-size: 9pt; } body, main { background: #fff; box-shadow: none; padding: 0; max-width: none; font-size: 1rem; } .scroll { overflow: visible; background: none; }
  table { font-size: 7.5pt; width: 100%; } th, td { white-space: normal; overflow-wrap: normal; padding: .15rem .25rem; }
  tr > :first-child { position: static; min-width: 22mm; max-width: none; }
  tr, svg, img, pre { break-inside: avoid; } h2, h3, caption { break-after: avoid; } a { color: inherit; } a[href^="http"]::after { content: " (" attr(href) ")"; }
}
`;
