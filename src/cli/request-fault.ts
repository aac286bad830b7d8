/** What is in the way of a request, in one line. `reason`: a connector's words, which hold no personal data. */
export function faultWord({ fault, reason }: { fault: string; reason: string | null }): string {
  return reason === null ? fault : `${fault}; ${reason}`
}

/** `by`: what was last in the way. */
export function heldUpWord(attempts: number, by: string): string {
  return `held up ${attempts === 1 ? 'once' : `${attempts} times`}, last by: ${by}`
}
