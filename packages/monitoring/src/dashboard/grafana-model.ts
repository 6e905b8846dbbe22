/** A data source by the variable that names it. */
export interface GrafanaDatasource {
  readonly type: 'prometheus';
  readonly uid: string;
}

/** A query of a panel. */
export interface GrafanaTarget {
  readonly refId: string;
  readonly datasource: GrafanaDatasource;
  readonly expr: string;
  /** In Grafana's braces: `{{status}}`. */
  readonly legendFormat: string;
  readonly editorMode: 'code';
  readonly range: true;
}

/** A place in a grid that is 24 wide. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What holds for the series of one query of a panel. */
export interface GrafanaOverride {
  readonly matcher: { readonly id: 'byFrameRefID'; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface GrafanaPanel {
  readonly id: number;
  readonly type: 'timeseries' | 'state-timeline';
  readonly title: string;
  readonly description: string;
  readonly datasource: GrafanaDatasource;
  readonly gridPos: GridPosition;
  readonly targets: readonly GrafanaTarget[];
  readonly fieldConfig: {
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly overrides: readonly GrafanaOverride[];
  };
  readonly options: Readonly<Record<string, unknown>>;
}

/** A heading; what stands below it belongs to it, up to the next one. */
export interface GrafanaRow {
  readonly id: number;
  readonly type: 'row';
  readonly title: string;
  readonly collapsed: false;
  readonly gridPos: GridPosition;
  readonly panels: readonly [];
}

export interface GrafanaVariable {
  readonly name: string;
  readonly label: string;
  readonly type: 'datasource' | 'query';
  readonly query: string | { readonly query: string; readonly refId: string };
  readonly datasource?: GrafanaDatasource;
  readonly hide: 0;
  readonly multi: false;
  readonly includeAll: false;
  /** Of a query: 2 asks anew when the range of time changes. */
  readonly refresh: 1 | 2;
  readonly sort?: 1;
}

/**
 * A dashboard in Grafana's classic JSON model, as Grafana 11 and 12 write it and 13 imports it.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export interface GrafanaDashboard {
  /** Grafana gives it one. */
  readonly id: null;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly editable: boolean;
  /** 1: all panels have the cross at the same time. */
  readonly graphTooltip: 1;
  readonly timezone: 'browser';
  readonly time: { readonly from: string; readonly to: string };
  readonly refresh: string;
  readonly templating: { readonly list: readonly GrafanaVariable[] };
  readonly annotations: { readonly list: readonly [] };
  readonly links: readonly [];
  readonly panels: readonly (GrafanaRow | GrafanaPanel)[];
}
