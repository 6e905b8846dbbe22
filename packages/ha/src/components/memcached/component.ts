import { type Component, defineComponent } from '../define-component.ts';
import { judgeMemcached } from './judge-memcached.ts';
import { memcachedObserver, type MemcachedStatus, type MemcachedTarget } from './observe-memcached.ts';

export const memcached: Component<'memcached', 'memcached', MemcachedTarget, MemcachedStatus> =
  defineComponent({
    ...memcachedObserver,
    name: 'memcached',
    title: 'memcached',
    mode: 'independent',
    state: 'cache',
    stops: 'every request asks Keystone and the database anew: slower, not down',
    wanted: 2,
    essential: false,
    checks: [
      {
        id: 'tcp',
        expects: 'answers `stats`',
        port: 11_211,
        source: { kind: 'ha-guide', where: 'control-plane-stateful, memcached' },
      },
    ],
    needs: [],
    unsafe: [
      {
        id: 'memcached.all-at-once',
        moves: ['stop', 'restart'],
        when: 'all are restarted within minutes',
        why: 'every token is validated anew: Keystone and the database get the whole load at once',
        source: { kind: 'field', where: 'keystonemiddleware caches tokens for token_cache_time (300 s)' },
      },
    ],
    sign: 'answers',
    replica: ({ address }) => ({ at: address, works: true }),
    judge: judgeMemcached,
  });
