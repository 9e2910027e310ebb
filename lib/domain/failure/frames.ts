import { isFramework } from "./frameworks.ts";

// Parses one stack frame of the JVM, .NET, Node or Python: its name, without parts that change from build to build, and
// whether it is own code.

/** A frame such as "com.acme.Foo.bar" or "charge (payments.js)", and whether it belongs to a framework or runtime. */
export interface Frame {
  readonly name: string;
  readonly framework: boolean;
  /** whose code it is; null: the name does not tell, or its file has told already whether it is own code */
  readonly namespace: string | null;
}

/** Parses the text after "at " on a JVM, .NET or Node line; null if it is no frame. */
export function parseAtFrame(text: string): Frame | null {
  const paren = text.indexOf("(");
  if (paren > 0 && text.charAt(paren - 1) !== " ") return qualified(text.slice(0, paren));
  return nodeFrame(text, paren);
}

function qualified(raw: string): Frame | null {
  // The JVM puts a hash behind the name of a hidden class: "Foo$$Lambda$14/0x0000000800c03000.apply".
  const text = raw.replace(/\/(?:0x[\da-f]{1,16}|\d{1,20})(?=\.)/gi, "");
  // "java.base/", "app//" and "loader/module@1.2/" name the class loader and module.
  const name = text.slice(text.lastIndexOf("/") + 1).trim();
  if (name === "" || /\s/.test(name)) return null;
  const stable = stableName(name);
  return { name: stable, framework: GLUE.test(name) || isFramework(name), namespace: namespaceOf(stable) };
}

/**
 * Classes made at run time to call something that has a frame of its own: lambdas, method handles, accessors and the
 * JDK's proxies. Whether they appear, and under which names, changes from process to process.
 */
const GLUE = new RegExp(
  [
    String.raw`\$\$Lambda|\$\$InjectedInvoker|\$\$FastClassBy|^LambdaForm\$`,
    String.raw`(?:^|\.)\$Proxy\d|(?:^|\.)Generated\w{1,40}Accessor\d|^lambda_method\d*$`,
  ].join("|"),
);

/**
 * Removes what differs between builds and processes: names and counters of subclasses made at run time (Spring and
 * CGLIB, Byte Buddy, Hibernate, Javassist, Weld, Quarkus, Micronaut), of lambdas, anonymous classes and closures.
 */
const stableName = (name: string): string =>
  name
    .replace(/\.<(\w{1,200})>d__\d+(?:`\d+)?\.MoveNext$/, ".$1")
    .replace(/\$Proxy\$_\$\$_\w+/g, "")
    .replace(/_?\$\$[^.$]*(?:\$\$[^.]*)?/g, "")
    .replace(/\$(?:ByteBuddy|Hibernate\w{0,40}|MockitoMock|auxiliary)\$\w+/g, "")
    .replace(/_(?:ClientProxy|Subclass)(?=\.)/g, "")
    .replace(/\.\$(\w{1,200}?)\$Definition(?:\$\w+)?(?=\.)/g, ".$1")
    .replace(/\$\d+/g, "")
    .replace(/__\d+(?:_\d+)?/g, "__")
    .replace(/DisplayClass\d+_\d+/g, "DisplayClass")
    .replace(/\|\d+_\d+/g, "")
    .replace(/`\d+/g, "")
    .replace(/(Accessor|Proxy|lambda_method)\d+/g, "$1");

/** Whose code it is: "com.acme" of Java's packages, "Acme" of .NET's namespaces; null if the name has neither. */
function namespaceOf(name: string): string | null {
  const [first = "", second = "", third] = name.split(".", 3);
  if (third === undefined) return null;
  return /^[a-z]{2,6}$/.test(first) ? `${first}.${second}` : first;
}

function nodeFrame(text: string, paren: number): Frame | null {
  const location = (paren < 0 ? text : text.slice(paren + 1).replace(/\).*$/, "")).replace(/^async /, "");
  const called =
    paren < 0
      ? ""
      : text
          .slice(0, paren)
          .trim()
          .replace(/^(?:async|new) /, "")
          .replace(/ \[as [^\]]{1,200}\]$/, "");
  const path = location.replace(/(?::\d+){1,2}$/, "");
  if (path === "" || (called === "" && path === location)) return null;
  const framework = path.startsWith("node:") || path.includes("node_modules") || !/[\\/]/.test(path);
  return { name: withFile(called, path), framework, namespace: null };
}

/** Parses a line of a Python traceback, `File "/app/x.py", line 3, in charge`; null if it is no frame. */
export function parsePythonFrame(line: string): Frame | null {
  const [, path, called] = /^\s*File "([^"]{1,1000})", line \d+(?:, in (\S{1,200}))?/.exec(line) ?? [];
  if (path === undefined) return null;
  return {
    name: withFile(called ?? "", path),
    framework: /site-packages|dist-packages|[\\/]lib[\\/]python\d|^</.test(path),
    namespace: null,
  };
}

function withFile(called: string, path: string): string {
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return called === "" || called === "Object.<anonymous>" ? file : `${called} (${file})`;
}
