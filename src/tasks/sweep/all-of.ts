/** Promise.all that rejects only after every promise has settled: the caller then closes the database and releases the locks. */
export async function allOf<T extends readonly Promise<unknown>[] | []>(works: T): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(works)
  return Promise.all(works)
}
