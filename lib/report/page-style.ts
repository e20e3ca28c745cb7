/**
 * The style of the report page. Wide tables and figures scroll within themselves on a narrow screen, with a shadow at the side where
 * there is more, and the name of the row stays; on paper (A4) they shrink and break lines in place of being cut.
 */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --accent: #0067a0; --paper: #fff; --around: #f6f8fa; --code: #f0f3f6;
  --warn: #fff5ee; --shade: #0004; --holds: #00704f; --fails: #b3420a; --open: #57606a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --line: #3d444d; --accent: #6cb6ff; --paper: #151b23; --around: #0d1117; --code: #212830;
  --warn: #2b2018; --shade: #000c; --holds: #3fb68b; --fails: #f0883e; --open: #9da7b1; } }
body { margin: 0; background: var(--around); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 2rem 4rem; background: var(--paper); box-shadow: 0 0 0 1px var(--line); }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .4rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem; }
a { color: var(--accent); } p.lead, figcaption, .soft { color: var(--soft); }
p.warning { border-left: 4px solid #d55e00; background: var(--warn); padding: .6rem .9rem; }
figure { margin: 1.2rem 0; } figure svg, figure img { display: block; max-width: 100%; height: auto; background: #fff; border-radius: 4px; }
figure svg text { font-family: "DejaVu Sans", Verdana, sans-serif; } .explore { font: inherit; font-size: .85rem; color: var(--accent); background: none; border: 1px solid; border-radius: 4px; margin-top: .4rem; padding: .1rem .6rem; cursor: pointer; } .explore[aria-pressed="true"] { background: var(--accent); color: var(--paper); border-color: var(--accent); } .explore + .soft { font-size: .85rem; margin: .3rem 0; min-height: 1.5em; }
#claims { margin-top: 1.2rem; padding-top: 1rem; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: 1rem; z-index: 1; background: var(--paper); padding: .5rem; }
:target { scroll-margin-top: 1rem; } div:target { outline: 2px solid var(--accent); outline-offset: .4rem; }
.claims { list-style: none; padding: 0; margin: .6rem 0; } .claims li { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 .8rem; padding: .35rem 0; border-top: 1px solid var(--line); line-height: 1.35; }
.claims small { grid-column: 2; color: var(--soft); } .verdict { font-weight: 600; font-size: .85rem; text-align: center; align-self: start; border: 1px solid; border-radius: 1rem; padding: .1rem .5rem; color: var(--open); }
.verdict.holds { color: var(--holds); } .verdict.fails { color: var(--fails); }
.map th, .map td { text-align: left; } .map .number { text-align: right; } .map th, .map td { white-space: normal; overflow-wrap: normal; } .map tr > :first-child { min-width: 20rem; max-width: none; } .map .number { white-space: nowrap; }
.tools { display: flex; flex-wrap: wrap; gap: .6rem; margin: .6rem 0; font-size: .88rem; } .tools input[type="search"] { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: .25rem .5rem; }
.columns label { display: inline-block; margin: 0 .8rem .2rem 0; padding: .15rem 0; } summary { cursor: pointer; color: var(--accent); padding: .15rem 0; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-align: inherit; cursor: pointer; } th button:hover { color: var(--accent); }
th[aria-sort="descending"] button::after { content: " ↓"; } th[aria-sort="ascending"] button::after { content: " ↑"; }
a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.sources, .cases, .card { margin: .6rem 0; } .card th, .card td { white-space: normal; overflow-wrap: break-word; } .card tr > :first-child { min-width: 10rem; } .card tr > :nth-child(2) { min-width: 4.5rem; } .card tr > :nth-child(3) { min-width: 15rem; } .sources > div { border-left: 3px solid var(--line); padding-left: .8rem; margin: .8rem 0; } .sources h3 { margin: .2rem 0; font-size: .95rem; } .sources pre { margin: .3rem 0; }
.scroll { overflow-x: auto; background:
  linear-gradient(to right, var(--paper) 40%, transparent) 0 0 / 3rem 100% no-repeat local,
  linear-gradient(to left, var(--paper) 40%, transparent) 100% 0 / 3rem 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) 0 0 / .8rem 100% no-repeat scroll,
  linear-gradient(to left, var(--shade), transparent) 100% 0 / .8rem 100% no-repeat scroll, var(--paper); }
.scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
caption { font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .3rem .6rem; white-space: nowrap; } thead th { white-space: normal; overflow-wrap: normal; vertical-align: bottom; }
thead th { border-bottom: 2px solid var(--ink); } tbody tr + tr > * { border-top: 1px solid var(--line); }
th { font-weight: 500; } td b { color: var(--accent); } td u { text-decoration: underline dotted; text-underline-offset: .2em; } td small { white-space: normal; overflow-wrap: normal; color: var(--soft); }
tr > :first-child { position: sticky; left: 0; background: var(--paper); white-space: normal; min-width: 6rem; max-width: 16rem; }
figcaption { font-size: .85rem; margin-top: .4rem; max-width: 52rem; } figcaption ul, .missing ul { margin: .3rem 0; padding-left: 1.2rem; }
code, pre { font: .88em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; background: var(--code); border-radius: 4px; }
code { padding: .1em .35em; } pre { padding: .7rem 1rem; white-space: pre-wrap; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1.2rem; font-size: .92rem; } dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 40rem) {
  main { padding: 1.2rem 1rem 3rem; } .scroll svg { max-width: none; } .scroll img { max-width: none; min-width: 40rem; }
  caption { position: sticky; left: 0; max-width: calc(100vw - 2rem); } tr > :first-child { max-width: 8rem; }
  .map tr > :first-child { min-width: 10rem; max-width: 10rem; } .map tr > :nth-child(2) { display: none; }
  .wide + figcaption::before { content: "Scrolls sideways. "; font-weight: 600; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } .claims li { grid-template-columns: 1fr; gap: .15rem; } .claims small { grid-column: 1; } .verdict { justify-self: start; }
}
@page { size: A4; margin: 12mm; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --accent: #004b75; --paper: #fff; --around: #fff; --code: #f4f4f4; --warn: #fff; --holds: #00573d; --fails: #8a3000; --open: #444; font-size: 9pt; }
  .tools, .skip, .cases, .explore, .explore + .soft { display: none; } details::details-content { content-visibility: visible; height: auto; } body, main { background: #fff; box-shadow: none; padding: 0; max-width: none; font-size: 1rem; } .scroll { overflow: visible; background: none; }
  table { font-size: 7.5pt; width: 100%; } th, td { white-space: normal; overflow-wrap: normal; padding: .15rem .25rem; }
  tr > :first-child { position: static; min-width: 22mm; max-width: none; }
  tr, svg, img, pre { break-inside: avoid; } h2, h3, caption { break-after: avoid; } a { color: inherit; } a[href^="http"]::after { content: " (" attr(href) ")"; }
}
`;
