import { parseArguments } from '@groundcrew/ground';
import { addressAndPort } from './config-words.ts';
import { HaproxyModel, type HaproxyModelInput, type HaproxyServiceModel } from './haproxy-model.ts';
import { sealed } from './managed-file.ts';

/**
 * Renders a whole configuration of HAProxy (2.2 or later), with a mark by which it is recognised later.
 *
 * The defaults trade false alarms for speed. The field's `inter 2000 rise 2 fall 5` takes 10 s to notice a dead server,
 * and more for a frozen one. These take at most `every + timeout + everyInDoubt + timeout`, 2.7 s, for a server that
 * accepts connections and does not answer; for one that refuses them the next two requests are enough, and are sent to
 * another server. The price: a server that takes longer than a second to answer its health URL twice in a row is out
 * until it answers twice. Where that happens under load, raise `check.timeout`, not `fall`.
 *
 * @throws InputError naming the field, on anything that could be read as more than one word of configuration
 */
export function renderHaproxy(input: HaproxyModelInput): string {
  const model = parseArguments('renderHaproxy', HaproxyModel, input);
  const { socket, user, group, log, maxConnections, services } = model;
  const lines = [
    'global',
    `    maxconn ${maxConnections}`,
    `    stats socket ${socket} mode 600 level admin expose-fd listeners`,
    '    stats timeout 10s',
    // An old process must not serve its last clients for ever after a reload.
    '    hard-stop-after 30s',
    ...(user === undefined ? [] : [`    user ${user}`]),
    ...(group === undefined ? [] : [`    group ${group}`]),
    ...(log === undefined ? [] : [`    log ${log} local0`]),
    '',
    'defaults',
    ...(log === undefined ? [] : ['    log global', '    option dontlognull']),
    '    timeout http-request 10s',
    '    timeout http-keep-alive 10s',
    '    timeout connect 1s',
    '    timeout client 60s',
    '    timeout server 60s',
    ...services.flatMap((service) => ['', ...frontend(service), '', ...backend(service)]),
  ];
  return sealed('haproxy', model, `${lines.join('\n')}\n`);
}

function frontend({ name, mode, bind, timeouts }: HaproxyServiceModel): string[] {
  const tls = bind.certificate === undefined ? '' : ` ssl crt ${bind.certificate}`;
  return [
    `frontend ${name}`,
    `    mode ${mode}`,
    // transparent: the address may be on another balancer now; without it HAProxy would not start there.
    `    bind ${addressAndPort(bind.address, bind.port)} transparent${tls}`,
    `    timeout client ${timeouts.client}ms`,
    ...(mode === 'tcp'
      ? ['    option clitcpka']
      : [
          '    option forwardfor',
          // Whatever a client claims is replaced: oslo.middleware believes it.
          '    http-request del-header X-Forwarded-Proto',
          ...(tls === '' ? [] : ['    http-request set-header X-Forwarded-Proto https']),
        ]),
    `    default_backend ${name}`,
  ];
}

function backend({ name, mode, balance, check, timeouts, servers }: HaproxyServiceModel): string[] {
  const server = [
    `inter ${check.every}ms`,
    `fastinter ${check.everyInDoubt}ms`,
    `downinter ${check.every}ms`,
    `rise ${check.rise}`,
    `fall ${check.fall}`,
    ...(check.port === undefined ? [] : [`port ${check.port}`]),
    // Layer 4 only: with layer 7, one user whose requests make an API answer 500 would take all replicas out.
    'observe layer4',
    'error-limit 2',
    'on-error sudden-death',
    // Who waits for an answer of a frozen server is told now, and not after `timeout server`.
    'on-marked-down shutdown-sessions',
  ];
  return [
    `backend ${name}`,
    `    mode ${mode}`,
    `    balance ${balance}`,
    `    timeout connect ${timeouts.connect}ms`,
    `    timeout queue ${timeouts.queue}ms`,
    `    timeout server ${timeouts.server}ms`,
    `    timeout check ${check.timeout}ms`,
    ...(check.path === undefined
      ? []
      : [
          '    option httpchk',
          `    http-check send meth GET uri ${check.path} ver HTTP/1.1 hdr Host ${name} hdr User-Agent haproxy`,
          `    http-check expect status ${check.expect}`,
        ]),
    '    retries 3',
    '    option redispatch 1',
    ...(mode === 'tcp'
      ? ['    option srvtcpka']
      : [
          '    retry-on conn-failure empty-response',
          // A server that died while it worked on a change may have made it: only reads are sent again.
          '    http-request disable-l7-retry unless METH_GET',
        ]),
    `    default-server ${server.join(' ')}`,
    ...servers.map(
      (member) =>
        `    server ${member.name} ${addressAndPort(member.address, member.port)} check${
          member.backup
            ? ' backup'
            : servers.some(({ backup }) => backup)
              ? ' on-marked-up shutdown-backup-sessions'
              : ''
        }`,
    ),
  ];
}
