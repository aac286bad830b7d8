const CODE_MS = 60_000

/** Authorization codes: each is redeemed once, within a minute. */
export type OAuthCodes = {
  give(code: string, redirectUri: string, now: number): void
  redeem(code: string, now: number): { redirectUri: string } | undefined
  clear(): void
}

export function createCodes(): OAuthCodes {
  const codes = new Map<string, { redirectUri: string; until: number }>()
  return {
    give(code, redirectUri, now) {
      codes.set(code, { redirectUri, until: now + CODE_MS })
    },
    redeem(code, now) {
      const found = codes.get(code)
      codes.delete(code)
      return found !== undefined && found.until > now ? found : undefined
    },
    clear: () => codes.clear(),
  }
}
