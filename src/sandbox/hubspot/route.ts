import type { Answer, Call, Dialect } from './call.ts'
import { kindNamed } from './object-kind.ts'
import type { ObjectKind } from './object-kind.ts'
import { unknownObjectType } from './errors.ts'
import type { Portal } from './portal.ts'

export type Handler = (portal: Portal, call: Call) => Answer
/** `open` needs no Authorization header, `exempt` does, and both count towards no limit; searches and batches of associations have limits of their own. */
export type Route = { handler: Handler; scopes: readonly string[]; kind: 'ordinary' | 'search' | 'associations' | 'open' | 'exempt' }
/** Path below a mount, `{}` for a segment that is a parameter → method → route. */
export type Routes = Record<string, Record<string, Route>>

/**
 * Where routes hang: a prefix of the path, whose groups `version` and `object` say in which dialect and for which object type. The template
 * names the prefix in statistics; `{object}` in it is replaced by the type's name.
 */
export type Mount = { prefix: RegExp; template: string; routes: Routes | ((kind: ObjectKind, dialect: Dialect) => Routes) }

export type Placed = { route: Route; template: string; parts: string[]; dialect: Dialect }

export function route(handler: Handler, scopes: readonly string[], kind: Route['kind'] = 'ordinary'): Route {
  return { handler, scopes, kind }
}

type Found = { methods: Record<string, Route>; path: string; parts: string[] }
type Matcher = (rest: string) => Found | undefined

/** What a mount has for a path; undefined when its prefix is another. `methods` is undefined when it has nothing there. */
export function createMatcher(
  mount: Mount,
): (path: string) => (Omit<Placed, 'route'> & { methods: Record<string, Route> | undefined }) | undefined {
  const matchers = new Map<string, Matcher>()

  function matcherOf(kind: ObjectKind | undefined, dialect: Dialect): Matcher {
    const key = `${kind?.name} ${dialect}`
    let matcher = matchers.get(key)
    if (matcher === undefined) {
      matcher = compile(typeof mount.routes === 'function' ? mount.routes(kind!, dialect) : mount.routes)
      matchers.set(key, matcher)
    }
    return matcher
  }

  return (path) => {
    const match = mount.prefix.exec(path)
    if (match === null) return undefined
    const { version, object } = match.groups ?? {}
    const dialect = dialectOf(version)
    const kind = object === undefined ? undefined : kindNamed(object)
    if (object !== undefined && kind === undefined) return { methods: noSuchType(object), template: mount.template, parts: [], dialect }
    const found = matcherOf(kind, dialect)(path.slice(match[0].length).replace(/\/+$/, ''))
    const template = mount.template.replace('{object}', kind?.name ?? '') + (found?.path.replaceAll('{}', '{id}') ?? '')
    return { methods: found?.methods, template, parts: found?.parts ?? [], dialect }
  }
}

/** unverified: that batches, merges and erasures of 2025-09 are those of 2026-09. */
function dialectOf(version: string | undefined): Dialect {
  if (version === '2025-09') return '2026-09'
  return version === '2026-09' || version === '2026-03' ? version : 'v3'
}

/** Any method: the type is looked at before anything else, but after the token. */
function noSuchType(object: string): Record<string, Route> {
  const refusal = route(() => {
    throw unknownObjectType(decode(object))
  }, [])
  return { GET: refusal, POST: refusal, PUT: refusal, PATCH: refusal, DELETE: refusal }
}

/** Fixed paths come before paths with parameters, longer fixed beginnings first. */
function compile(routes: Routes): Matcher {
  const patterns = Object.keys(routes)
    .filter((path) => path.includes('{}'))
    .sort((a, b) => b.indexOf('{}') - a.indexOf('{}'))
    .map((path) => ({ path, segments: path.split('/') }))
  return (rest) => {
    // A client may well ask for `{}` itself.
    if (!rest.includes('{}') && Object.hasOwn(routes, rest)) return { methods: routes[rest]!, path: rest, parts: [] }
    const segments = rest.split('/')
    for (const pattern of patterns) {
      const parts = parameters(pattern.segments, segments)
      if (parts !== undefined) return { methods: routes[pattern.path]!, path: pattern.path, parts }
    }
    return undefined
  }
}

function parameters(pattern: readonly string[], segments: readonly string[]): string[] | undefined {
  if (pattern.length !== segments.length) return undefined
  const parts: string[] = []
  for (let place = 0; place < pattern.length; place++) {
    if (pattern[place] === '{}' && segments[place] !== '') parts.push(decode(segments[place]!))
    else if (pattern[place] !== segments[place]) return undefined
  }
  return parts
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A broken escape is no reason to fail: it simply names nothing.
    return segment
  }
}
