import nock from 'nock'
import { expect, test } from 'vitest'
import './hubspot/portal.ts'
import './salesforce/org.ts'

test('a file that only loads the portal or the org leaves the requests of its worker alone', () => {
  expect(nock.isActive()).toBe(false)
})
