/** The three versions sq answers with (decision 22). */

declare const SQ_VERSION_DEFINE: string | undefined;

/** sq's own, put in by the build. */
export const SQ_VERSION: string = typeof SQ_VERSION_DEFINE === 'string' ? SQ_VERSION_DEFINE : '0.0.0-dev';

/** First number that callers of `--version` choose their dialect by; also the manifest's `dbt_version`. */
export const COMPATIBLE_VERSION = '2.0.0';

/** What Jinja's `dbt_version` and `Running with dbt=` say. */
export const DBT_VERSION = '1.12.3';
