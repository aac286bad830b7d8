/** The reference connector passes the suite. With ACCORD_PLANT=all the same is run once per planted bug: see `planted.test.ts`. */
import { testConnector } from './contract.ts'
import { bugs, memory, memoryCan } from './memory.ts'

if (process.env['ACCORD_PLANT'] === 'all') for (const bug of bugs) testConnector(bug, async () => memory(bug), memoryCan)
else testConnector('memory', async () => memory(), memoryCan)
