/** A column of a relation as the warehouse tells it. */
export interface Column {
  name: string;
  /** The engine's own spelling of the type, complete: `VARCHAR`, `DECIMAL(18,2)`, `character varying(256)`. */
  dataType: string;
}
