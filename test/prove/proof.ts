/** `violations`: one line each, without personal data. `short` keeps a proof under 50 s. */
export type Proof = (options: {
  short: boolean
  seed: number
  say: (line: string) => void
}) => Promise<{ trials: number; violations: readonly string[] }>
