import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { answer, args, since, type OutputAt } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { Links } from '../../record/links.ts';
import { Paging } from './paging.ts';
import { AnsweredSecret, GivenSecret } from '../../record/secret-fields.ts';
import { tolerant } from '../../record/tolerant.ts';

const Fields = {
  id: z.string(),
  name: z.string().nullable(),
  volume_id: z.string(),
  created_at: Timestamp.nullable().optional(),
  links: Links.optional(),
  /** Whether its snapshots stay behind. */
  no_snapshots: since('3.55', z.boolean().optional()),
  source_project_id: since('3.57', z.string().nullable().optional()),
  /** Null until accepted. */
  destination_project_id: since('3.57', z.string().nullable().optional()),
  accepted: since('3.57', z.boolean().optional()),
};

/** An offer to hand a volume over to another project. */
export const VolumeTransfer = answer(Fields);
export type VolumeTransfer = OutputAt<typeof VolumeTransfer>;

const TransferSummary = tolerant({
  id: z.string(),
  name: z.string().nullable(),
  volume_id: z.string(),
  links: Links.optional(),
});

const NewTransfer = answer({
  ...Fields,
  /** Give it to the one who is to accept. It is not answered again. */
  auth_key: AnsweredSecret,
});

const ById = args({ id: z.string() });
const Offer = {
  volume_id: z.string(),
  name: z.string().nullable().optional(),
};
const Acceptance = args({ id: z.string(), auth_key: GivenSecret });

const OldFilters = args({
  /** Transfers of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  name: z.string().optional(),
});
const Filters = args({
  /** Transfers of all projects. Administrators only. */
  all_tenants: z.boolean().optional(),
  name: z.string().optional(),
  limit: since('3.59', Paging.limit),
  marker: since('3.59', Paging.marker),
  sort: since('3.59', Paging.sort),
});

/**
 * Offers of volumes to other projects, by the older paths, which take the snapshots along.
 *
 * Cinder's links to the next page of transfers lead to another list (`os-volume-transfer`, without details), and
 * its offset skips twice: a list that goes beyond the cloud's `osapi_max_limit` ends with a `PaginationError`
 * rather than incomplete.
 */
export const transfers = resource({
  name: 'transfers',
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'os-volume-transfer/{id}',
      receive: 'transfer',
      input: ById,
      output: VolumeTransfer,
    }),
    list: operation({
      verb: 'GET',
      path: 'os-volume-transfer/detail',
      receive: 'transfers',
      page: 'links',
      input: OldFilters,
      output: VolumeTransfer,
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'os-volume-transfer',
      receive: 'transfers',
      page: 'links',
      input: OldFilters,
      output: TransferSummary,
    }),
    /** Offer a volume, which is `awaiting-transfer` until the offer is accepted or deleted. */
    create: operation({
      verb: 'POST',
      path: 'os-volume-transfer',
      send: 'transfer',
      receive: 'transfer',
      status: 202,
      input: args(Offer),
      output: NewTransfer,
    }),
    /** Take the volume into the project that asks. */
    accept: operation({
      verb: 'POST',
      path: 'os-volume-transfer/{id}/accept',
      send: 'accept',
      receive: 'transfer',
      status: 202,
      input: Acceptance,
      output: TransferSummary,
    }),
    /** Take an offer back. */
    delete: operation({ verb: 'DELETE', path: 'os-volume-transfer/{id}', input: ById, status: 202 }),
  },
});

/** Offers of volumes to other projects. What `transfers` says of long lists holds here too. */
export const volumeTransfers = resource({
  name: 'volumeTransfers',
  findBy: 'name',
  operations: {
    get: operation({
      verb: 'GET',
      path: 'volume-transfers/{id}',
      receive: 'transfer',
      since: '3.55',
      input: ById,
      output: VolumeTransfer,
    }),
    list: operation({
      verb: 'GET',
      path: 'volume-transfers/detail',
      receive: 'transfers',
      page: 'links',
      since: '3.55',
      input: Filters,
      output: VolumeTransfer,
    }),
    listBrief: operation({
      verb: 'GET',
      path: 'volume-transfers',
      receive: 'transfers',
      page: 'links',
      since: '3.55',
      input: Filters,
      output: TransferSummary,
    }),
    /** Offer a volume, which is `awaiting-transfer` until the offer is accepted or deleted. Encrypted ones: from 3.70. */
    create: operation({
      verb: 'POST',
      path: 'volume-transfers',
      send: 'transfer',
      receive: 'transfer',
      since: '3.55',
      status: 202,
      input: args({
        ...Offer,
        /** Leave its snapshots behind. @default false */
        no_snapshots: z.boolean().optional(),
      }),
      output: NewTransfer,
    }),
    /** Take the volume into the project that asks. */
    accept: operation({
      verb: 'POST',
      path: 'volume-transfers/{id}/accept',
      send: 'accept',
      receive: 'transfer',
      since: '3.55',
      status: 202,
      input: Acceptance,
      output: TransferSummary,
    }),
    /** Take an offer back. */
    delete: operation({
      verb: 'DELETE',
      path: 'volume-transfers/{id}',
      since: '3.55',
      input: ById,
      status: 202,
    }),
  },
});
