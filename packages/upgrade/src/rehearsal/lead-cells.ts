import { type DatabaseClient, named, quoted } from './database-client.ts';
import { RehearsalError } from './rehearsal-error.ts';

const CELL0 = '00000000-0000-0000-0000-000000000000';

/** The copies of Nova's databases, and how its tools reach them. */
interface NovaCopies {
  readonly api: string;
  readonly mainUrl: string;
  readonly cell0Url: string;
}

/**
 * Leads the cells of a copy to the copies. Nova keeps the addresses of the cells' databases in the API database, with their passwords:
 * on a copy its tools would migrate the **original** cells. It is done before any of them runs, and looked at afterwards.
 *
 * @throws RehearsalError `rehearsal.cells` where there are other cells than cell0 and one
 */
export async function leadCells(into: DatabaseClient, { api, mainUrl, cell0Url }: NovaCopies): Promise<void> {
  const cells = (await into.query(`SELECT uuid FROM ${named(api)}.cell_mappings`)).flat();
  const others = cells.filter((uuid) => uuid !== CELL0);
  const [cell, ...more] = others;
  if (cell === undefined || more.length > 0 || cells.length !== 2)
    throw new RehearsalError(
      'rehearsal.cells',
      `Nova has ${others.length} cells beside cell0${cells.length === others.length ? ', which is not there' : ''}`,
      { remedy: 'A rehearsal is of cell0 and one cell: leave Nova out of services.' },
    );
  const redact = [mainUrl, cell0Url];
  for (const [uuid, url] of [
    [cell, mainUrl],
    [CELL0, cell0Url],
  ] as const)
    await into.query(
      `UPDATE ${named(api)}.cell_mappings SET database_connection = ${quoted(url)}, transport_url = 'none:///' WHERE uuid = ${quoted(uuid)}`,
      { redact },
    );
  const [[left = ''] = []] = await into.query(
    `SELECT COUNT(*) FROM ${named(api)}.cell_mappings WHERE database_connection NOT IN (${quoted(mainUrl)}, ${quoted(cell0Url)}) OR transport_url <> 'none:///'`,
    { redact },
  );
  if (left !== '0')
    throw new RehearsalError('rehearsal.cells', 'a cell of the copy still leads to an original');
}
