import { quote, WorkbenchError } from "../core/errors";
import { nameOfRefused, opcode } from "./pickle-opcodes";

/** What a pickle of plain data holds. Tuples and lists are arrays; `Made` is what the reader's hooks return. */
export type PickleValue<Made> =
  | null
  | boolean
  | number
  | bigint
  | string
  | Made
  | PickleGlobal
  | PickleObject
  | PickleValue<Made>[]
  | PickleDict<Made>;
export type PickleDict<Made> = Map<string | number, PickleValue<Made>>;

/** A name of Python that was asked for and is allowed. It is a name, never a function. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** Something of Python that is no data for us (a number of NumPy, bytes, options): it is known by its name, and has no content. */
export class PickleObject {
  constructor(readonly name: string) {}
}

/** @returns a value in a few words: never what it holds, which may refer to itself or double at each level */
export function inWords(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dict of ${value.size}`;
  if (value instanceof PickleGlobal || value instanceof PickleObject) return value.name;
  return value === null || typeof value !== "object" ? String(value) : "an object";
}

/** What a reader makes of the few things in a pickle that are not plain data. */
export interface PickleHooks<Made> {
  /** The names that may be asked for: `collections.OrderedDict`. */
  readonly globals: ReadonlySet<string>;
  /** What takes the place of a call of an allowed name. */
  call(name: string, parameters: readonly PickleValue<Made>[]): PickleValue<Made>;
  /** The refusal of a name that is not allowed, where more can be said than its name. */
  refusal?(name: string): { readonly problem: string; readonly hint: string } | undefined;
  /** What takes the place of a persistent id. */
  persistent(id: PickleValue<Made>): PickleValue<Made>;
}

/** Far above any key of a state dict; a key is written out again for every tensor below it. */
const longestKey = 1000;
/** A state dict of 10,000 tensors takes about 400,000. */
const mostSteps = 1_000_000;
const notData = "it is not plain data, and nothing of it was run; ask its author for a state dict";

/**
 * Reads one pickle without executing anything: names outside the allow-list and opcodes that data do not need are refused by
 * name. What it builds is bounded by the bytes read and by a number of steps.
 * @returns the value, and where the bytes after it start
 * @throws WorkbenchError naming the source and the byte
 */
export function readPickle<Made extends object>(
  bytes: Uint8Array,
  start: number,
  hooks: PickleHooks<Made>,
  source: string,
): { value: PickleValue<Made>; end: number } {
  type Value = PickleValue<Made>;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: Value[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Value>();
  let at = start;
  const broken = (what: string, hint = "the file is damaged; fetch it again") =>
    new WorkbenchError(`${source}: pickle, byte ${at}: ${what}`, hint);

  const take = (count: number): number => {
    if (count > bytes.length - at) throw broken(`${count} bytes wanted, ${bytes.length - at} left`);
    at += count;
    return at - count;
  };
  const byte = () => bytes[take(1)];
  const text = (length: number) => new TextDecoder().decode(bytes.subarray(take(length), at));
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0 || end - at > 200) throw broken("a name has no end");
    return text(end + 1 - at).slice(0, -1);
  };
  const pop = (): Value => {
    if (stack.length <= (marks[marks.length - 1] ?? 0)) throw broken("nothing left to take");
    return stack.pop() as Value;
  };
  const popToMark = (): Value[] => {
    const mark = marks.pop();
    if (mark === undefined) throw broken("no mark");
    return stack.splice(mark);
  };
  const popTuple = (length: number) => Array.from({ length }, pop).reverse();
  const top = (): Value => {
    const value = pop();
    stack.push(value);
    return value;
  };
  const appendTo = (values: readonly Value[]) => {
    const list = top();
    if (!Array.isArray(list)) throw broken("appends to what is no list");
    for (const value of values) list.push(value);
  };
  const setIn = (pairs: readonly Value[]) => {
    const dict = top();
    if (!(dict instanceof Map) || pairs.length % 2 !== 0) throw broken("sets items of what is no dict");
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (typeof key === "string" && key.length > longestKey) throw broken(`a key of ${key.length} characters`);
      // A key of another kind (a tuple, a name of a type) is no part of a path to a tensor that anybody would name.
      dict.set(typeof key === "string" || typeof key === "number" ? key : inWords(key), pairs[i + 1]);
    }
  };
  const global = (module: Value, name: Value): PickleGlobal => {
    if (typeof module !== "string" || typeof name !== "string")
      throw broken(`asks for a name that is ${inWords(typeof module === "string" ? name : module)}`, notData);
    const full = `${module.slice(0, longestKey)}.${name.slice(0, longestKey)}`;
    if (!hooks.globals.has(full)) {
      const { problem, hint } = hooks.refusal?.(full) ?? { problem: "which is not allowed", hint: notData };
      throw broken(`asks for ${quote(full)}, ${problem}`, hint);
    }
    return new PickleGlobal(full);
  };
  const get = (index: number): Value => {
    if (!memo.has(index)) throw broken(`memo ${index} is empty`);
    return memo.get(index) as Value;
  };
  const reduce = (): Value => {
    const [callee, parameters] = popTuple(2);
    if (!(callee instanceof PickleGlobal) || !Array.isArray(parameters))
      throw broken("calls something that is no name", notData);
    return hooks.call(callee.name, parameters);
  };
  /** OrderedDict keeps attributes beside its items, of which a state dict has `_metadata`: versions of modules, left out. */
  const build = () => {
    pop();
    const object = top();
    if (!(object instanceof Map || object instanceof PickleObject))
      throw broken("sets attributes of something that is no dict", notData);
  };
  const long = (length: number): bigint => {
    const from = take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[from + i]);
    return BigInt.asIntN(8 * length, value);
  };

  const steps = new Map<number, () => unknown>([
    [opcode.PROTO, () => byte()],
    [opcode.FRAME, () => take(8)],
    [opcode.MARK, () => marks.push(stack.length)],
    [opcode.NONE, () => stack.push(null)],
    [opcode.NEWTRUE, () => stack.push(true)],
    [opcode.NEWFALSE, () => stack.push(false)],
    [opcode.BININT, () => stack.push(view.getInt32(take(4), true))],
    [opcode.BININT1, () => stack.push(byte())],
    [opcode.BININT2, () => stack.push(view.getUint16(take(2), true))],
    [opcode.LONG1, () => stack.push(long(byte()))],
    [opcode.BINFLOAT, () => stack.push(view.getFloat64(take(8), false))],
    [opcode.BINUNICODE, () => stack.push(text(view.getUint32(take(4), true)))],
    [opcode.SHORT_BINUNICODE, () => stack.push(text(byte()))],
    [opcode.BINSTRING, () => stack.push(text(view.getUint32(take(4), true)))],
    [opcode.SHORT_BINSTRING, () => stack.push(text(byte()))],
    [opcode.BINBYTES, () => (take(view.getUint32(take(4), true)), stack.push(new PickleObject("bytes")))],
    [opcode.SHORT_BINBYTES, () => (take(byte()), stack.push(new PickleObject("bytes")))],
    [opcode.EMPTY_SET, () => stack.push([])],
    [opcode.ADDITEMS, () => appendTo(popToMark())],
    [opcode.FROZENSET, () => stack.push(popToMark())],
    [opcode.POP, () => (stack.length === marks[marks.length - 1] ? marks.pop() : pop())],
    [opcode.POP_MARK, popToMark],
    [opcode.EMPTY_TUPLE, () => stack.push([])],
    [opcode.EMPTY_LIST, () => stack.push([])],
    [opcode.EMPTY_DICT, () => stack.push(new Map())],
    [opcode.TUPLE, () => stack.push(popToMark())],
    [opcode.TUPLE1, () => stack.push(popTuple(1))],
    [opcode.TUPLE2, () => stack.push(popTuple(2))],
    [opcode.TUPLE3, () => stack.push(popTuple(3))],
    [opcode.APPEND, () => appendTo([pop()])],
    [opcode.APPENDS, () => appendTo(popToMark())],
    [opcode.SETITEM, () => setIn(popTuple(2))],
    [opcode.SETITEMS, () => setIn(popToMark())],
    [opcode.GLOBAL, () => stack.push(global(line(), line()))],
    [opcode.STACK_GLOBAL, () => stack.push(global(...(popTuple(2) as [Value, Value])))],
    [opcode.BINGET, () => stack.push(get(byte()))],
    [opcode.LONG_BINGET, () => stack.push(get(view.getUint32(take(4), true)))],
    [opcode.BINPUT, () => memo.set(byte(), top())],
    [opcode.LONG_BINPUT, () => memo.set(view.getUint32(take(4), true), top())],
    [opcode.MEMOIZE, () => memo.set(memo.size, top())],
    [opcode.BINPERSID, () => stack.push(hooks.persistent(pop()))],
    [opcode.REDUCE, () => stack.push(reduce())],
    [opcode.NEWOBJ, () => stack.push(reduce())],
    [opcode.BUILD, build],
  ]);
  for (let count = 0; count < mostSteps; count++) {
    const code = byte();
    if (code === opcode.STOP) return { value: pop(), end: at };
    const step = steps.get(code);
    if (!step) throw broken(`opcode ${nameOfRefused(code)} is not allowed`, notData);
    step();
  }
  throw broken(`more than ${mostSteps} steps`);
}
