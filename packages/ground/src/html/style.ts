/** The page's style: one column, readable on a phone, in the dark and in print; no colour says what no word says. */
export const style = `
:root{color-scheme:light dark;--ink:#1b2430;--soft:#5a6675;--paper:#fbfbf9;--card:#fff;--line:#dfe3e8;
--fail:#a8201a;--fail-bg:#fdeceb;--unknown:#8a5a00;--unknown-bg:#fff4dc;--pass:#1c6b43;--pass-bg:#e6f4ec;--exempt:#2b5a86;--exempt-bg:#e8f0f8}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebef;--soft:#a3aebb;--paper:#14181d;--card:#1c2229;--line:#323b45;
--fail:#ff9a92;--fail-bg:#3a1d1c;--unknown:#f3c46b;--unknown-bg:#362b14;--pass:#84d5a6;--pass-bg:#17301f;--exempt:#9cc4ea;--exempt-bg:#1a2a3a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.2rem;line-height:1.3;margin:0}
h3{font-size:1rem;margin:0}
p{margin:.3rem 0}
.soft{color:var(--soft)}
.facts{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:.8rem 0 1.4rem;color:var(--soft);font-size:.92rem}
.badge{display:inline-block;border-radius:.3rem;padding:.05rem .5rem;font-size:.82rem;font-weight:600;white-space:nowrap}
.fail{color:var(--fail);background:var(--fail-bg)}.unknown{color:var(--unknown);background:var(--unknown-bg)}
.pass{color:var(--pass);background:var(--pass-bg)}.exempt{color:var(--exempt);background:var(--exempt-bg)}
.summary{display:grid;gap:.5rem;margin:0 0 2rem;padding:0;list-style:none}
.summary a{display:grid;grid-template-columns:6rem 1fr;gap:.2rem .8rem;align-items:baseline;padding:.6rem .8rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);color:inherit;text-decoration:none}
.summary a:hover,.summary a:focus-visible{border-color:var(--soft)}
.summary .worst{grid-column:2;color:var(--soft);font-size:.92rem}
.summary .badge{justify-self:start}
.summary .question{font-weight:600}.summary .question .soft{font-weight:400;font-size:.86rem;margin-left:.4rem}
.summary code{font:.92em ui-monospace,"DejaVu Sans Mono",monospace;background:var(--line);border-radius:.2rem;padding:0 .25em}
.remedy{margin:0}
section{margin:0 0 2.2rem;scroll-margin-top:1rem}
section>header{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:baseline;margin-bottom:.6rem;padding-bottom:.4rem;border-bottom:2px solid var(--line)}
details,.group{border:1px solid var(--line);border-radius:.5rem;background:var(--card);margin:.5rem 0}
summary{cursor:pointer;padding:.55rem .8rem}
summary h3{display:inline;font-weight:600}
.inside{padding:0 .8rem .7rem}
.inside>.because:first-child{margin-top:0}
h3 .soft{font-weight:400}
.finding{padding:.35rem 0;border-top:1px solid var(--line)}
.finding:only-of-type{border-top:0}
code{font:.92em ui-monospace,"DejaVu Sans Mono",monospace;background:var(--line);border-radius:.2rem;padding:0 .25em}
.remedy{margin:.3rem 0;padding-left:.7rem;border-left:3px solid var(--line)}
ul.because{margin:.3rem 0;padding-left:1.1rem;font-size:.94rem}
.source{color:var(--soft);font-size:.86rem}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
@media (max-width:32rem){.summary a{grid-template-columns:1fr}.summary .worst{grid-column:1}section>header h2{flex-basis:100%}.summary .question .soft{display:block;margin-left:0}}
@media print{details:not(.of-pass)::details-content{content-visibility:visible;display:block}body{background:#fff;font-size:11pt}main{max-width:none;padding:0}summary{break-after:avoid}.finding{break-inside:avoid}summary::marker{content:""}
.badge{border:1px solid currentColor}.summary a{break-inside:avoid}}
`;
