import type { Board } from './boards.ts';

export interface RedfishRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

export interface RedfishAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

const ROOT = '/redfish/v1';
const RESETS = ['On', 'ForceOff', 'GracefulShutdown', 'ForceRestart', 'ForceOn', 'PushPowerButton'];

/**
 * A Redfish service for several machines (DMTF DSP0266, DSP2046: ServiceRoot, ComputerSystem 1.x, SessionService), as
 * far as power goes: what `redfishtool` and sushy need to switch it.
 */
export class RedfishService {
  readonly #boards: ReadonlyMap<string, Board>;
  readonly #account: Account;
  readonly #sessions = new Map<string, string>();
  #next = 1;

  constructor(boards: readonly Board[], account: Account) {
    this.#boards = new Map(boards.map((board) => [board.host, board]));
    this.#account = account;
  }

  answer(request: RedfishRequest): RedfishAnswer {
    const path = request.path.split('?', 1)[0]?.replace(/\/+$/, '') ?? '';
    if (path === '/redfish') return ok({ v1: `${ROOT}/` });
    if (path === ROOT) return ok(this.#root());
    if (path === `${ROOT}/SessionService/Sessions` && request.method === 'POST')
      return this.#login(request.body);
    if (!this.#knows(request)) return error(401, 'NoValidSession', 'There is no valid session established.');
    const [kind = '', id = '', ...rest] = path.slice(ROOT.length + 1).split('/');
    const deeper = rest.join('/');
    if (kind === 'SessionService') return this.#sessionService(request.method, id, deeper);
    const resource = RESOURCES.get(kind);
    const board = [...this.#boards.values()].find(({ host }) => encodeURIComponent(host) === id);
    if (resource !== undefined && id === '') return ok(this.#collection(kind, resource.type));
    if (resource !== undefined && board !== undefined) {
      if (deeper === '') return ok(resource.view(board));
      if (kind === 'Systems' && deeper === 'Actions/ComputerSystem.Reset') return reset(board, request);
    }
    return error(404, 'ResourceMissingAtURI', `The resource at ${path} was not found.`);
  }

  #root(): object {
    const link = (name: string): object => ({ '@odata.id': `${ROOT}/${name}` });
    return {
      '@odata.id': `${ROOT}/`,
      '@odata.type': '#ServiceRoot.v1_9_0.ServiceRoot',
      Id: 'RootService',
      Name: 'Root Service',
      RedfishVersion: '1.6.0',
      UUID: '00000000-0000-4000-8000-000000000000',
      Systems: link('Systems'),
      Chassis: link('Chassis'),
      Managers: link('Managers'),
      SessionService: link('SessionService'),
      Links: { Sessions: link('SessionService/Sessions') },
    };
  }

  #collection(kind: string, type: string): object {
    const members = [...this.#boards.keys()].map((host) => ({
      '@odata.id': `${ROOT}/${kind}/${encodeURIComponent(host)}`,
    }));
    return {
      '@odata.id': `${ROOT}/${kind}`,
      '@odata.type': `#${type}Collection.${type}Collection`,
      Name: `${type} Collection`,
      'Members@odata.count': members.length,
      Members: members,
    };
  }

  #sessionService(method: string, id: string, session: string): RedfishAnswer {
    if (id === '')
      return ok({
        '@odata.id': `${ROOT}/SessionService`,
        '@odata.type': '#SessionService.v1_1_8.SessionService',
        Id: 'SessionService',
        Name: 'Session Service',
        ServiceEnabled: true,
        SessionTimeout: 300,
        Sessions: { '@odata.id': `${ROOT}/SessionService/Sessions` },
      });
    if (method === 'DELETE') {
      for (const [token, number] of this.#sessions) if (number === session) this.#sessions.delete(token);
      return { status: 204 };
    }
    return ok({ '@odata.id': `${ROOT}/SessionService/Sessions`, Name: 'Sessions', Members: [] });
  }

  #login(body: string): RedfishAnswer {
    const { UserName, Password } = parsed(body);
    if (UserName !== this.#account.username || Password !== this.#account.password)
      return error(401, 'ResourceAtUriUnauthorized', 'The credentials were not accepted.');
    const number = String((this.#next += 1));
    const token = `session-${number}-${crypto.randomUUID()}`;
    this.#sessions.set(token, number);
    const location = `${ROOT}/SessionService/Sessions/${number}`;
    return {
      status: 201,
      headers: { 'X-Auth-Token': token, Location: location },
      body: {
        '@odata.id': location,
        '@odata.type': '#Session.v1_3_0.Session',
        Id: number,
        Name: 'Session',
        UserName,
      },
    };
  }

  #knows({ headers }: RedfishRequest): boolean {
    const token = headers['x-auth-token'];
    if (typeof token === 'string' && this.#sessions.has(token)) return true;
    const { username, password } = this.#account;
    return headers['authorization'] === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
}

function reset(board: Board, { method, body }: RedfishRequest): RedfishAnswer {
  if (method !== 'POST') return error(405, 'OperationNotAllowed', 'Only POST is allowed here.');
  const { ResetType } = parsed(body);
  if (typeof ResetType !== 'string' || !RESETS.includes(ResetType))
    return error(400, 'ActionParameterNotSupported', `The ResetType ${String(ResetType)} is not supported.`);
  board.order(ResetType);
  return { status: 204 };
}

const systemOf = (board: Board): object => {
  const id = `${ROOT}/Systems/${encodeURIComponent(board.host)}`;
  const swapped = board.fault === 'other-machine';
  return {
    '@odata.id': id,
    '@odata.type': '#ComputerSystem.v1_13_0.ComputerSystem',
    Id: board.host,
    Name: board.host,
    SystemType: 'Physical',
    Manufacturer: 'Groundcrew',
    Model: 'Simulated',
    SerialNumber: swapped ? 'SN999999' : board.serial,
    UUID: swapped ? '00000000-0000-4000-8000-999999999999' : board.uuid,
    PowerState: board.power,
    Status: { State: 'Enabled', Health: 'OK' },
    Boot: { BootSourceOverrideEnabled: 'Disabled', BootSourceOverrideTarget: 'None' },
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${id}/Actions/ComputerSystem.Reset`,
        'ResetType@Redfish.AllowableValues': RESETS,
      },
    },
    Links: {
      Chassis: [{ '@odata.id': `${ROOT}/Chassis/${encodeURIComponent(board.host)}` }],
      ManagedBy: [{ '@odata.id': `${ROOT}/Managers/${encodeURIComponent(board.host)}` }],
    },
  };
};

const chassisOf = (board: Board): object => ({
  '@odata.id': `${ROOT}/Chassis/${encodeURIComponent(board.host)}`,
  '@odata.type': '#Chassis.v1_15_0.Chassis',
  Id: board.host,
  Name: board.host,
  ChassisType: 'RackMount',
  PowerState: board.power,
  Status: { State: 'Enabled', Health: 'OK' },
});

const managerOf = (board: Board): object => ({
  '@odata.id': `${ROOT}/Managers/${encodeURIComponent(board.host)}`,
  '@odata.type': '#Manager.v1_10_0.Manager',
  Id: board.host,
  Name: board.host,
  ManagerType: 'BMC',
  FirmwareVersion: '1.0',
  Status: { State: 'Enabled', Health: 'OK' },
});

/** The collections of machines, by the name in their path. */
const RESOURCES: ReadonlyMap<string, { readonly type: string; readonly view: (board: Board) => object }> =
  new Map([
    ['Systems', { type: 'ComputerSystem', view: systemOf }],
    ['Chassis', { type: 'Chassis', view: chassisOf }],
    ['Managers', { type: 'Manager', view: managerOf }],
  ]);

const ok = (body: object): RedfishAnswer => ({ status: 200, body });

const error = (status: number, id: string, message: string): RedfishAnswer => ({
  status,
  body: {
    error: {
      code: `Base.1.8.${id}`,
      message,
      '@Message.ExtendedInfo': [{ MessageId: `Base.1.8.${id}`, Message: message, Severity: 'Critical' }],
    },
  },
});

function parsed(body: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : {};
  } catch {
    return {};
  }
}
