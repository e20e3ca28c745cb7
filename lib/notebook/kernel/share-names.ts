import type * as TypeScript from "@tslab/typescript-for-tslab";
import { helpersName, type CellNames } from "./cell-helpers";
import { importedNames } from "./imported-names";
import { meansItself, namesAtTop } from "./names-at-top";
import type { Compiler } from "./transpile";

/**
 * Makes every name at the top of a cell one variable of the notebook. Each use of such a name reads or writes a property of `exports`,
 * the object that holds the variables of all cells; each declaration tells `declare(name, value)`. A function of an earlier cell thus sees
 * what a later cell assigns or declares anew. Only inside its own body does a class go on meaning itself, as everywhere in JavaScript.
 */
export function shareNames(
  typescript: Compiler,
  checker: TypeScript.TypeChecker,
  names: CellNames,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = typescript;
  return (context) => (file) => {
    const atTop = new Set(namesAtTop(typescript, file).map((name) => checker.getSymbolAtLocation(name)));
    const isShared = (node: TypeScript.Node, symbol = checker.getSymbolAtLocation(node)): boolean =>
      symbol !== undefined && atTop.has(symbol) && !meansItself(typescript, node, symbol.valueDeclaration);
    const shared = (name: TypeScript.Identifier): TypeScript.Expression =>
      typescript.setTextRange(factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name), name);

    const visit = <Node extends TypeScript.Node>(node: Node): Node => visitNode(node) as Node;
    const visitNode = (node: TypeScript.Node): TypeScript.Node => {
      if (typescript.isShorthandPropertyAssignment(node)) return visitShorthand(node);
      if (typescript.isIdentifier(node)) return !isDeclared(node) && isShared(node) ? shared(node) : node;
      const inner = typescript.visitEachChild(node, visit, context);
      return typescript.isCallExpression(inner) ? visitCall(inner) : inner;
    };
    const isDeclared = (node: TypeScript.Identifier): boolean =>
      (node.parent as { name?: TypeScript.Node } | undefined)?.name === node;
    const visitShorthand = (node: TypeScript.ShorthandPropertyAssignment): TypeScript.Node => {
      const initial = node.objectAssignmentInitializer && visit(node.objectAssignmentInitializer);
      if (!isShared(node, checker.getShorthandAssignmentValueSymbol(node)))
        return factory.updateShorthandPropertyAssignment(node, node.name, initial);
      const value = shared(node.name);
      const filled = initial ? factory.createAssignment(value, initial) : value;
      return factory.createPropertyAssignment(node.name.text, filled);
    };
    /** A function is not a method of the object that holds the variables. */
    const visitCall = (call: TypeScript.CallExpression): TypeScript.CallExpression => {
      const { expression: called, arguments: values } = call;
      const [first] = values;
      const loads = called.kind === typescript.SyntaxKind.ImportKeyword || isNamed(called, "require");
      if (loads && first && typescript.isStringLiteral(first)) names.imports.add(first.text);
      if (!typescript.isPropertyAccessExpression(called) || !isNamed(called.expression, "exports")) return call;
      const free = factory.createParenthesizedExpression(factory.createComma(factory.createNumericLiteral(0), called));
      // Stacks name the place behind the parentheses: it stands for the place of the name.
      const start = called.getStart(file);
      typescript.setSourceMapRange(free, { pos: start, end: start });
      return factory.updateCallExpression(call, free, undefined, values);
    };
    const isNamed = (node: TypeScript.Node, name: string): boolean =>
      typescript.isIdentifier(node) && node.text === name;

    const declare = (name: string, value: TypeScript.Expression = factory.createIdentifier(name)) => {
      names.declared.add(name);
      const helper = factory.createPropertyAccessExpression(factory.createIdentifier(helpersName), "declare");
      const call = factory.createCallExpression(helper, undefined, [factory.createStringLiteral(name), value]);
      return factory.createExpressionStatement(call);
    };
    const visitStatement = (node: TypeScript.Statement): TypeScript.Statement[] => {
      if (typescript.isExportDeclaration(node)) return [];
      if (typescript.isImportDeclaration(node)) return importedNames(typescript, node, names, declare);
      if (typescript.isVariableStatement(node)) return visitVariables(node);
      if (typescript.isClassDeclaration(node) && node.name) return [visit(node), declare(node.name.text)];
      return [visit(node)];
    };
    const visitVariables = (node: TypeScript.VariableStatement): TypeScript.Statement[] =>
      node.declarationList.declarations.flatMap((declaration) => {
        const { name, initializer } = declaration;
        // tslab's name for the cell's last value must not become the name of a function.
        if (node.modifiers && typescript.isIdentifier(name) && initializer)
          return [declare(name.text, factory.createComma(factory.createNumericLiteral(0), visit(initializer)))];
        const alone = [typescript.visitEachChild(declaration, visit, context)];
        const list = factory.createVariableDeclarationList(alone, node.declarationList.flags);
        const local = typescript.setTextRange(factory.createVariableStatement(undefined, list), node);
        return [local, ...namesAtTop(typescript, declaration).map(({ text }) => declare(text))];
      });

    const functions = file.statements.filter(typescript.isFunctionDeclaration);
    const hoisted = functions.flatMap(({ name }) => (name ? [declare(name.text)] : []));
    return factory.updateSourceFile(file, [...hoisted, ...file.statements.flatMap(visitStatement)]);
  };
}
