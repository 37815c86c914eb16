/**
 * What an action accepts, as data: the fields of its input with their types and bounds. Bounds and patterns are those
 * of AWS's service model; the order of the fields is that in which AWS lists what is wrong.
 */
export type Field =
  | {
      type: 'string'
      required?: true
      /** As AWS writes it; the whole value must match. */
      pattern?: string
      minLength?: number
      maxLength?: number
      oneOf?: readonly string[]
    }
  | { type: 'integer'; required?: true; min?: number; max?: number }
  | { type: 'boolean' | 'timestamp'; required?: true }
  | { type: 'blob'; required?: true; maxLength?: number }
  | { type: 'list'; required?: true; minLength?: number; maxLength?: number; member: Field }
  | { type: 'map'; required?: true; minLength?: number; maxLength?: number; keys: Lengths; values: Lengths }
  | { type: 'structure'; required?: true; members: Shape }

/** Of the keys or the values of a map: texts from the one length to the other. */
export type Lengths = { minLength: number; maxLength: number }

export type Shape = { readonly [name: string]: Field }

type ValueOf<F> = F extends { type: 'string'; oneOf: readonly (infer Value)[] }
  ? Value
  : F extends { type: 'string' }
    ? string
    : F extends { type: 'integer' | 'timestamp' }
      ? number
      : F extends { type: 'boolean' }
        ? boolean
        : F extends { type: 'blob' }
          ? Buffer
          : F extends { type: 'list'; member: infer Member }
            ? ValueOf<Member>[]
            : F extends { type: 'map' }
              ? Readonly<Record<string, string>>
              : F extends { type: 'structure'; members: infer Members }
                ? InputOf<Members>
                : never

type RequiredNames<S> = { [K in keyof S]: S[K] extends { required: true } ? K : never }[keyof S]

/** The input that has passed a shape. Blobs are bytes, timestamps epoch ms, whatever they were on the wire. */
export type InputOf<S> = { -readonly [K in RequiredNames<S>]: ValueOf<S[K]> } & {
  -readonly [K in Exclude<keyof S, RequiredNames<S>>]?: ValueOf<S[K]>
}
