/** Answers of the lab's Gnocchi 4.4.2 (Debian 12), with other ids. */
export const root = (build: string) => ({
  ...(build === '' ? {} : { build }),
  versions: [
    {
      status: 'CURRENT',
      links: [{ rel: 'self', href: 'http://127.0.0.1:8041/v1/' }],
      id: 'v1.0',
      updated: '2015-03-19',
    },
  ],
});

export const metric = {
  id: '8d1c1a3e-4f0a-4d0c-9a57-3f0f5e3b2a10',
  creator: 'u:p',
  name: 'cpu',
  unit: 'ns',
  resource: null,
  archive_policy: {
    name: 'medium-rate',
    back_window: 0,
    definition: [
      { timespan: '7 days, 0:00:00', granularity: '0:01:00', points: 10_080 },
      { timespan: '365 days, 0:00:00', granularity: '1:00:00', points: 8760 },
    ],
    aggregation_methods: ['rate:mean', 'mean', 'max'],
  },
  created_by_user_id: 'u',
  created_by_project_id: 'p',
};
