import type { z } from 'zod';

/**
 * A field that every answer has but one: that for something in a cell which does not respond.
 *
 * From 2.69 on Nova answers then with what its API database knows (`nova/api/openstack/compute/views/servers.py`,
 * `_show_from_down_cell`): status `UNKNOWN`, and most fields missing. A list with such an entry must still be
 * read, for it is needed most while a cell is down. The type stays that of the other answers, so that a server's
 * name needs no check wherever a server is used: **look at `status` first where cells may be down.**
 */
export const unlessCellDown = <S extends z.ZodType>(schema: S): S => schema.optional() as unknown as S;
