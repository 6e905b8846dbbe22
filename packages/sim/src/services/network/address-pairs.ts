import { badRequest } from '../../fault.ts';
import { isRecord, type Json, list, text } from '../../wire.ts';

/**
 * Reads the allowed address pairs of a port. A pair without a MAC address gets the port's own (`neutron/db/allowedaddresspairs_db.py`).
 */
export function addressPairs(given: unknown, mac: string): Json[] {
  const seen = new Set<string>();
  return list(given).map((element) => {
    const pair = isRecord(element) ? element : {};
    const address = text(pair['ip_address']);
    if (address === undefined)
      throw badRequest('AllowedAddressPair must contain ip_address', 'AllowedAddressPairsMissingIP');
    const asked = text(pair['mac_address']);
    const key = `${asked ?? 'None'} ${address}`;
    if (seen.has(key)) {
      throw badRequest(
        `Request contains duplicate address pair: mac_address ${asked ?? 'None'} ip_address ${address}.`,
        'DuplicateAddressPairInRequest',
      );
    }
    seen.add(key);
    return { mac_address: asked ?? mac, ip_address: address };
  });
}
