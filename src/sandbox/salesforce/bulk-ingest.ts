/** Bulk 2.0 ingest jobs. Salesforce docs: Bulk API 2.0, Ingest. */
import type { JobHead } from './job.ts'

export type IngestJob = JobHead
