import type * as TypeScript from "@tslab/typescript-for-tslab";
import { helpersName, type CellHelpers } from "./cell-helpers";
import type { Compiler } from "./transpile";

/**
 * Turns every `await x` into `await guard(x)`, `for await (... of x)` into `for await (... of each(x))`, and the `yield x` of an
 * asynchronous generator, which awaits as well, into `yield await guard(x)`.
 */
export function guardAwaits(typescript: Compiler): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const through = (helper: keyof CellHelpers, value: TypeScript.Expression): TypeScript.Expression => {
      const name = factory.createPropertyAccessExpression(factory.createIdentifier(helpersName), helper);
      return typescript.setTextRange(factory.createCallExpression(name, undefined, [value]), value);
    };
    const visitIn = (inAsyncGenerator: boolean) => {
      const visit = (node: TypeScript.Node): TypeScript.Node => {
        const inner = typescript.isFunctionLike(node)
          ? typescript.visitEachChild(node, visitIn(isAsyncGenerator(typescript, node)), context)
          : typescript.visitEachChild(node, visit, context);
        if (typescript.isAwaitExpression(inner))
          return factory.updateAwaitExpression(inner, through("guard", inner.expression));
        if (typescript.isForOfStatement(inner) && inner.awaitModifier) {
          const { awaitModifier, initializer, expression, statement } = inner;
          return factory.updateForOfStatement(
            inner,
            awaitModifier,
            initializer,
            through("each", expression),
            statement,
          );
        }
        if (inAsyncGenerator && typescript.isYieldExpression(inner) && inner.expression) {
          if (inner.asteriskToken)
            return factory.updateYieldExpression(inner, inner.asteriskToken, through("each", inner.expression));
          const waited = factory.createAwaitExpression(through("guard", inner.expression));
          return factory.updateYieldExpression(inner, undefined, typescript.setTextRange(waited, inner.expression));
        }
        return inner;
      };
      return visit;
    };
    return (file) => typescript.visitNode(file, visitIn(false), typescript.isSourceFile);
  };
}

function isAsyncGenerator(typescript: Compiler, node: TypeScript.SignatureDeclaration): boolean {
  const { asteriskToken } = node as Partial<TypeScript.FunctionDeclaration>;
  const { modifiers } = node as Partial<TypeScript.FunctionDeclaration>;
  return Boolean(asteriskToken) && (modifiers ?? []).some(({ kind }) => kind === typescript.SyntaxKind.AsyncKeyword);
}
