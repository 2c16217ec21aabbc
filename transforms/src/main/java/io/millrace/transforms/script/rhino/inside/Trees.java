package io.millrace.transforms.script.rhino.inside;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.mozilla.javascript.ast.ArrayLiteral;
import org.mozilla.javascript.ast.Assignment;
import org.mozilla.javascript.ast.AstNode;
import org.mozilla.javascript.ast.CatchClause;
import org.mozilla.javascript.ast.Name;
import org.mozilla.javascript.ast.NodeVisitor;
import org.mozilla.javascript.ast.ObjectLiteral;
import org.mozilla.javascript.ast.ObjectProperty;
import org.mozilla.javascript.ast.PropertyGet;

/** Goes through parsed texts. */
final class Trees {
    private Trees() {}

    /** Visits a node and what is below it; Rhino's own way does not get past a {@code catch} that names nothing. */
    static void visit(AstNode root, NodeVisitor visitor) {
        root.visit(new NodeVisitor() {
            @Override
            public boolean visit(AstNode node) {
                boolean deeper = visitor.visit(node);
                if (deeper && node instanceof CatchClause clause && clause.getVarName() == null) {
                    clause.getBody().visit(this);
                    return false;
                }
                return deeper;
            }
        });
    }

    /** The first node that is of a kind, in the order of the text; what is below it is not looked at. */
    static Optional<AstNode> find(AstNode root, Predicate<AstNode> kind) {
        AstNode[] found = new AstNode[1];
        visit(root, node -> {
            if (found[0] == null && kind.test(node)) {
                found[0] = node;
            }
            return found[0] == null;
        });
        return Optional.ofNullable(found[0]);
    }

    /** Whether there is a node of a kind. */
    static boolean any(AstNode root, Predicate<AstNode> kind) {
        return find(root, kind).isPresent();
    }

    /** Whether it stands behind a dot or before a colon, and names no variable. */
    static boolean isNameOfMember(Name name) {
        return name.getParent() instanceof PropertyGet member && member.getProperty() == name
                || name.getParent() instanceof ObjectProperty property
                        && property.getKey() == name
                        && property.getValue() != name;
    }

    /** The variables that a declaration or an assignment sets, which has this on its left. */
    static List<Name> names(AstNode target) {
        List<Name> names = new ArrayList<>();
        collect(target, names);
        return names;
    }

    private static void collect(AstNode target, List<Name> names) {
        if (target instanceof Name name) {
            names.add(name);
        } else if (target instanceof Assignment withDefault) {
            collect(withDefault.getLeft(), names);
        } else if (target instanceof ArrayLiteral array) {
            array.getElements().forEach(element -> collect(element, names));
        } else if (target instanceof ObjectLiteral object) {
            object.getElements().stream()
                    .filter(ObjectProperty.class::isInstance)
                    .forEach(property -> collect(((ObjectProperty) property).getValue(), names));
        }
    }
}
