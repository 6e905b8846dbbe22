import { optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';

/** What may be mended, kind by kind. What is not chosen is listed, and left. */
export interface OrphanMends {
  /** Attachments of servers that there are not, of volumes that there are. @default left */
  readonly attachments?: 'delete' | undefined;
  /** Volumes that are taken, and that nothing has attached: their state is reset. @default left */
  readonly volumes?: 'reset' | undefined;
  /**
   * Ports of servers that there are not: `unbind` leaves them and their addresses for who made them, `delete` is what Nova does with
   * those that it made itself. Which they are no API tells.
   *
   * @default left
   */
  readonly ports?: 'unbind' | 'delete' | undefined;
  /** What consumers hold in Placement that are neither a server nor a move of one. @default left */
  readonly allocations?: 'delete' | undefined;
  /** Guests that Nova does not know, each by its own id: no kind of them is ever chosen as a whole. @default left */
  readonly guests?: { readonly [id: string]: 'power-off' } | undefined;
  /** Ids of attachments, volumes, ports and consumers that are left, whatever else is chosen. @default none */
  readonly except?: readonly string[] | undefined;
  /** Hosts that a person knows to be off, by the names that Nova gives them: they are not asked for guests. @default none */
  readonly hostsOff?: readonly string[] | undefined;
}

export const orphanMends = optionsSchema<OrphanMends>({
  attachments: z.literal('delete').optional(),
  volumes: z.literal('reset').optional(),
  ports: z.enum(['unbind', 'delete']).optional(),
  allocations: z.literal('delete').optional(),
  guests: z.record(z.string(), z.literal('power-off')).optional(),
  except: z.array(z.string().min(1)).optional(),
  hostsOff: z.array(z.string().min(1)).optional(),
});
