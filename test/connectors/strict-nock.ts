/** Only what a test lines up is answered: an unmocked request fails, and so does a mock that nobody asked. */
import nock from 'nock'
import { afterEach, beforeEach, expect } from 'vitest'

// To load nock is to hand all requests of this worker to it; they are its own only while a test says so.
nock.restore()

export function strictNock(): void {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => {
    const unused = nock.pendingMocks()
    nock.cleanAll()
    nock.enableNetConnect()
    // Files share a worker: requests of the next one are none of ours.
    nock.restore()
    expect(unused).toEqual([])
  })
}
