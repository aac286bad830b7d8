import type { Call } from './call.ts'
import type { Portal } from './portal.ts'

/** Absolute, on our own origin, with the caller's query; some public clients follow it verbatim. */
export function nextLink(portal: Portal, call: Call, after: string, parameter: 'after' | 'before' = 'after'): string {
  const { nextHost } = portal.settings
  const url = new URL((nextHost === null ? call.origin : `http://${nextHost}`) + call.target)
  url.searchParams.delete(parameter === 'after' ? 'before' : 'after')
  url.searchParams.set(parameter, after)
  return url.href
}

/** `paging` of a page that is not the last. */
export function nextPage(portal: Portal, call: Call, after: string): { paging: { next: { after: string; link: string } } } {
  return { paging: { next: { after, link: nextLink(portal, call, after) } } }
}
