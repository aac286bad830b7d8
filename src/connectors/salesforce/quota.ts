/** The organisation's daily API calls, which are shared with the company's other tools. */

/** `Sforce-Limit-Info: api-usage=18/15000` comes with every REST answer (Salesforce docs: REST API, headers). */
export function dayIn(headers: Headers): { remaining: number; limit: number } | null {
  // `per-app-api-usage` stands beside it where an app has an allowance of its own.
  const usage = /(?<![\w-])api-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '')
  if (!usage) return null
  const limit = Number(usage[2])
  return { remaining: Math.max(0, limit - Number(usage[1])), limit }
}
