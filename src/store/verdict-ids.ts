/** Which number a verdict has, for those that were asked for lately. */

/** Half of what is kept at most. Bounded, as the verdicts are not: of a hundred thousand contacts one in twelve shows one of its own, of a million one in thirty. */
export const MOST_RECENT = 8_192

export class VerdictIds {
  #recent = new Map<string, number>()
  #former: ReadonlyMap<string, number> = new Map()

  get(key: string): number | undefined {
    const id = this.#recent.get(key)
    if (id !== undefined) return id
    const former = this.#former.get(key)
    if (former !== undefined) this.#recent.set(key, former)
    return former
  }

  set(key: string, id: number): void {
    this.#recent.set(key, id)
  }

  delete(key: string): void {
    this.#recent.delete(key)
    if (this.#former.has(key)) this.#former = new Map([...this.#former].filter(([one]) => one !== key))
  }

  /** Call before a batch: what was not asked for since the last time but one that there were too many is forgotten. */
  forgetSome(): void {
    if (this.#recent.size <= MOST_RECENT) return
    this.#former = this.#recent
    this.#recent = new Map()
  }
}
