/** A connector that asks before each word to its CRM whether it may: nothing is read, written, found or erased before `gate` has let it through. */
import type { Access } from './access.ts'
import type { Connector, EventStream, Webhooks } from './connector.ts'
import type { Anonymity, Erasure } from './erasure.ts'

/** Throws for what must not be done. Asked before every call, so it has to be cheap once it knows. */
export type Gate = (signal: AbortSignal) => Promise<void>

/** `account` and `check` alone go past the gate: they are how it finds out, and how people do. */
export function guarded(connector: Connector, gate: Gate): Connector {
  const { webhooks, stream, erasure, access } = connector
  return {
    ...connector,
    describe: (objects, signal, named) => through(gate, signal, () => connector.describe(objects, signal, named)),
    read: (request, signal) => after(gate, signal, () => connector.read(request, signal)),
    get: (request, signal) => through(gate, signal, () => connector.get(request, signal)),
    write: (patches, signal) => through(gate, signal, () => connector.write(patches, signal)),
    provision: (request, signal) => through(gate, signal, () => connector.provision(request, signal)),
    ...(webhooks && { webhooks: guardedWebhooks(webhooks, gate) }),
    ...(stream && { stream: guardedStream(stream, gate) }),
    ...(erasure && { erasure: guardedErasure(erasure, gate) }),
    ...(access && { access: guardedAccess(access, gate) }),
  }
}

/** What a stranger sends is verified by its signature, not by whom we may call. */
function guardedWebhooks(webhooks: Webhooks, gate: Gate): Webhooks {
  return {
    ...webhooks,
    provision: (request, signal) => through(gate, signal, () => webhooks.provision(request, signal)),
  }
}

function guardedStream(stream: EventStream, gate: Gate): EventStream {
  return {
    listen: (request, signal) => through(gate, signal, () => stream.listen(request, signal)),
  }
}

function guardedAccess(access: Access, gate: Gate): Access {
  return { collect: (request, signal) => after(gate, signal, () => access.collect(request, signal)) }
}

function guardedErasure(erasure: Erasure, gate: Gate): Erasure {
  const { anonymity } = erasure
  return {
    ...erasure,
    find: (sought, signal) => through(gate, signal, () => erasure.find(sought, signal)),
    survey: (refs, signal) => through(gate, signal, () => erasure.survey(refs, signal)),
    bindings: (refs, asked, signal) => through(gate, signal, () => erasure.bindings(refs, asked, signal)),
    silence: (refs, signal) => through(gate, signal, () => erasure.silence(refs, signal)),
    prepare: (refs, traits, signal) => through(gate, signal, () => erasure.prepare(refs, traits, signal)),
    erase: (refs, signal) => through(gate, signal, () => erasure.erase(refs, signal)),
    verify: (refs, signal) => through(gate, signal, () => erasure.verify(refs, signal)),
    arrivals: (refs, signal) => through(gate, signal, () => erasure.arrivals(refs, signal)),
    residue: (traits, signal) => after(gate, signal, () => erasure.residue(traits, signal)),
    redact: (places, traits, reading, signal) => through(gate, signal, () => erasure.redact(places, traits, reading, signal)),
    ...(anonymity && { anonymity: guardedAnonymity(anonymity, gate) }),
  }
}

function guardedAnonymity(anonymity: Anonymity, gate: Gate): Anonymity {
  return {
    make: (refs, traits, signal) => through(gate, signal, () => anonymity.make(refs, traits, signal)),
    verify: (refs, traits, signal) => through(gate, signal, () => anonymity.verify(refs, traits, signal)),
  }
}

async function through<T>(gate: Gate, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  await gate(signal)
  return act()
}

async function* after<T>(gate: Gate, signal: AbortSignal, read: () => AsyncIterable<T>): AsyncGenerator<T> {
  await gate(signal)
  yield* read()
}
