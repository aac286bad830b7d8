import type { z } from 'zod'

/** What the control port does to a CRM at `POST /{crm}/{lever}`; summary, body and example are what its OpenAPI document tells. */
export type Lever<World> = ((world: World, body: unknown) => unknown) & { summary?: string; body?: z.ZodType; example?: unknown }
export type Levers<World> = Readonly<Record<string, Lever<World>>>

/** A lever that checks its body; an empty one counts as `{}`. */
export function leverOn<World>() {
  return <Body extends z.ZodType>(
    summary: string,
    body: Body,
    act: (world: World, body: z.output<Body>) => unknown,
    example?: z.input<Body>,
  ): Lever<World> => {
    const pull = (world: World, given: unknown): unknown => act(world, body.parse(given ?? {}))
    return Object.assign(pull, { summary, body }, example === undefined ? {} : { example })
  }
}
