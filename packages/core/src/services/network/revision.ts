import { z } from 'zod';

/**
 * Guards a change against one made meanwhile: `revision_number=7` makes Neutron answer 412 unless that is still the
 * revision (extension `revision-if-match`).
 */
export const IfMatch = z
  .string()
  .regex(/^revision_number=\d+$/, 'expected revision_number=N')
  .optional();

/** The header in which {@link IfMatch} is sent. */
export const revisionHeader = { if_match: 'If-Match' } as const;
