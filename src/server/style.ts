/** The look of the few pages that Accord shows by itself. */
export const styleSheet = `:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { font-size: 1.2rem; margin-top: 2.5rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { padding: 0.9rem 1rem; overflow-x: auto; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
blockquote { margin: 1rem 0; padding: 0.1rem 1rem; border-left: 3px solid currentColor; }
button { font: inherit; padding: 0.6rem 1.4rem; border: 0; border-radius: 6px; background: #1f5eff; color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #9db9ff; outline-offset: 2px; }
footer { margin-top: 3rem; font-size: 0.875rem; opacity: 0.8; }
`
