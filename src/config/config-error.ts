/** Everything that is wrong in a configuration file, one line for each mistake: `policy.yaml:57: consentRules[3].need: …`. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[], options: { cause?: unknown } = {}) {
    super(problems.join('\n'), options)
    this.problems = problems
  }
}
