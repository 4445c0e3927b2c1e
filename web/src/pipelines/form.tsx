import type { Pipeline, Schema } from "./types";

interface Props {
  pipeline: Pipeline;
  onRun(parameters: Record<string, unknown>, engine?: string): void;
}

/** A form made of a pipeline's JSON Schema; an empty field is left out. */
export function RunForm({ pipeline, onRun }: Props) {
  const { properties = {}, required = [] } = pipeline.parameters;
  return (
    <form
      class="run-form"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const parameters: Record<string, unknown> = {};
        for (const [name, schema] of Object.entries(properties)) {
          const value = valueOf(schema, data.get(`parameter:${name}`));
          if (value !== undefined) {
            parameters[name] = value;
          }
        }
        onRun(parameters, String(data.get("engine") ?? "") || undefined);
      }}
    >
      {Object.entries(properties).map(([name, schema]) => (
        <label key={name}>
          <span>
            {name.replaceAll("_", " ")}
            {required.includes(name) && <b aria-hidden="true"> *</b>}
          </span>
          <Field name={`parameter:${name}`} schema={schema} required={required.includes(name)} />
          {schema.description && <small>{schema.description}</small>}
        </label>
      ))}
      {pipeline.engines.length > 1 && (
        <label>
          <span>engine</span>
          <select name="engine">
            {pipeline.engines.map((engine) => (
              <option key={engine}>{engine}</option>
            ))}
          </select>
        </label>
      )}
      <button type="submit" class="primary">
        Run
      </button>
    </form>
  );
}

function Field({ name, schema, required }: { name: string; schema: Schema; required: boolean }) {
  const preset = schema.default === undefined ? "" : String(schema.default);
  if (schema.enum) {
    return (
      <select name={name} required={required} defaultValue={preset}>
        {!required && <option value="" />}
        {schema.enum.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    );
  }
  if (schema.type === "boolean") {
    return <input type="checkbox" name={name} value="true" defaultChecked={schema.default === true} />;
  }
  if (schema.type === "integer" || schema.type === "number") {
    return <input type="number" name={name} required={required} min={schema.minimum} max={schema.maximum} step={schema.type === "integer" ? 1 : "any"} defaultValue={preset} />;
  }
  return <input name={name} required={required} minLength={schema.minLength} maxLength={schema.maxLength} pattern={schema.pattern} defaultValue={preset} spellcheck={false} />;
}

function valueOf(schema: Schema, given: FormDataEntryValue | null): unknown {
  if (schema.type === "boolean") {
    return given === "true";
  }
  if (given === null || given === "") {
    return undefined;
  }
  if (schema.type === "object" || schema.type === "array") {
    return parsed(String(given));
  }
  return schema.type === "integer" || schema.type === "number" ? Number(given) : String(given);
}

/** JSON, or the text itself, which the schema will refuse with a reason. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
