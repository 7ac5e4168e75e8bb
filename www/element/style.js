// The element's own style. Text and ground are the page's; the colours of the marks are those of the story.
export const STYLE = `
:host { display: block; }
:host([hidden]) { display: none; }
figure { margin: 0; }
svg { display: block; width: 100%; height: auto; background: #000; }
figure > svg { cursor: ew-resize; touch-action: pan-y; user-select: none; -webkit-user-select: none; }
input[type=range] { display: block; box-sizing: border-box; width: 100%; height: 1.5rem; margin: 0.25rem 0; }
input[type=checkbox] { width: 1.05rem; height: 1.05rem; margin: 0 0.4rem 0 0; vertical-align: -0.15rem; }
label { display: inline-block; padding: 0.4rem 0; cursor: pointer; }
:focus-visible { outline: 3px solid #56b4e9; outline-offset: 2px; }
.names { display: flex; justify-content: space-between; gap: 1rem; font-size: 0.875em; }
.names span:last-child { text-align: right; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0.25rem 0; font-size: 0.875em; }
.legend span { display: inline-flex; align-items: center; gap: 0.4rem; }
.legend svg { width: 2rem; height: 1rem; background: none; }
.bare .marks { display: none; }
path { fill: none; vector-effect: non-scaling-stroke; stroke: #15171a; stroke-width: 3px; }
.new.casing, .gone.casing { stroke-width: 4px; }
.gone.casing { stroke: #fff; }
.new.line { stroke: #e69f00; stroke-width: 2.25px; }
.gone.line { stroke: #0072b2; stroke-width: 2.25px; stroke-dasharray: 5 3; }
.both.line, .undecided.line, .outside.line { stroke: #b5b9bd; stroke-width: 1.25px; }
.undecided.line { stroke-dasharray: 2 3; }
.outside.line { stroke-dasharray: 1 3; }
.rail path { stroke: #fff; stroke-width: 3px; }
.rail circle { fill: #fff; stroke: #15171a; stroke-width: 1.5px; vector-effect: non-scaling-stroke; }
.trouble { border: 2px solid currentColor; padding: 0.5rem 0.75rem; }
`;
