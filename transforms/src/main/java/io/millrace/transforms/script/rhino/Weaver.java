package io.millrace.transforms.script.rhino;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes {@link Guard} into classes of the engine and of scripts, so that nothing that they do goes on without end: neither a loop of the
 * script nor one of the engine, such as the search of a regular expression or the filling of an array.
 */
final class Weaver {
    private static final String GUARD = Type.getInternalName(Guard.class);
    private static final String STAND_INS = Type.getInternalName(StandIns.class);
    private static final String VIRTUAL = Type.getInternalName(StandIns.Virtual.class);
    private static final String STATIC = Type.getInternalName(StandIns.Static.class);
    private static final String SEALED = "io/millrace/transforms/script/rhino/inside/Sealed";
    private static final String TEMPLATES = "io/millrace/transforms/script/rhino/inside/EventScope";
    /** Where Rhino puts the classes of scripts. */
    private static final String SCRIPT = "org/mozilla/javascript/gen/";
    /** How the methods begin that are functions of a script, its top level among them. */
    private static final String FUNCTION = "_c_";

    /** Would keep a constant, and with it all that its event had, where a script reads it. */
    private static final String CONSTANTS = "org/mozilla/javascript/optimizer/ConstAwareLinker";

    private static final String OBJECT = "org/mozilla/javascript/ScriptableObject";
    private static final String STRING_RESULT = ")Ljava/lang/String;";

    /**
     * The chain of a small hash table, which has 1,536 slots at most and mostly a few; the hundred members of a lazy object at most; the
     * characters of a text that is weighed; the bytes of the event.
     */
    private static final Set<String> SHORT_LOOPS = Set.of(
            "org/mozilla/javascript/EmbeddedSlotMap.query",
            "org/mozilla/javascript/EmbeddedSlotMap.modify",
            "io/millrace/transforms/script/rhino/inside/EventObject.find",
            "io/millrace/transforms/script/rhino/inside/EventObject.isNamed",
            "io/millrace/transforms/script/rhino/inside/JsonWriter.levels",
            "io/millrace/transforms/script/rhino/inside/JsonWriter.string");

    /** What calls itself over data that is nested, without a function of the script between. */
    private static final Set<String> NESTING = Set.of(
            "org/mozilla/javascript/BoundFunction.call",
            "org/mozilla/javascript/BoundFunction.construct",
            "org/mozilla/javascript/BoundFunction.hasInstance",
            "org/mozilla/javascript/FunctionObject.call",
            "org/mozilla/javascript/IdFunctionObject.call",
            "org/mozilla/javascript/LambdaConstructor.call",
            "org/mozilla/javascript/LambdaConstructor.construct",
            "org/mozilla/javascript/LambdaFunction.call",
            "org/mozilla/javascript/ES6Generator.resumeDelegee",
            "org/mozilla/javascript/ES6Generator.resumeLocal",
            "org/mozilla/javascript/NativeArray.flat",
            "org/mozilla/javascript/NativeArray.js_join",
            "org/mozilla/javascript/NativeArray.toStringHelper",
            "org/mozilla/javascript/NativeJSON.str",
            "org/mozilla/javascript/NativeJSON.walk",
            "org/mozilla/javascript/ScriptRuntime.defaultObjectToSource",
            "org/mozilla/javascript/ScriptRuntime.uneval",
            "org/mozilla/javascript/json/JsonParser.readValue",
            "org/mozilla/javascript/regexp/NativeRegExp.emitREBytecode",
            "org/mozilla/javascript/regexp/NativeRegExp.parseDisjunction");

    /** Reads a document's bytes once, so the document bounds it. */
    private static final Set<String> LEFT_ALONE = Set.of("io/millrace/transforms/script/rhino/inside/JsonScanner");

    private static final String PARSER = "org/mozilla/javascript/Parser";

    /** What parses a declaration whose kind is its first argument. */
    private static final Set<String> DECLARATIONS = Set.of("variables", "forLoopInit");

    /** What changes an object of the platform although it is sealed. */
    private static final Set<String> UNSEALED_CHANGES = Set.of("setPrototype", "preventExtensions", "setParentScope");

    /** What the processor may round in its own way: the library's own code rounds alike everywhere. */
    private static final Set<String> ROUNDED = Set.of(
            "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "expm1", "log",
            "log10", "log1p", "pow", "cbrt", "hypot");

    /** What takes a capacity. */
    private static final Set<String> COLLECTIONS = Set.of(
            "java/lang/StringBuilder",
            "java/util/ArrayList",
            "java/util/ArrayDeque",
            "java/util/HashMap",
            "java/util/HashSet",
            "java/util/LinkedHashMap",
            "java/util/IdentityHashMap",
            "java/util/BitSet");

    /** The tag of a class among the constants of a class file (JVMS 4.4). */
    private static final int CONSTANT_CLASS = 7;

    private static final Set<String> VIRTUALS = signatures(StandIns.Virtual.class);
    private static final Set<String> STATICS = signatures(StandIns.Static.class);

    private Weaver() {}

    private static Set<String> signatures(Class<?> standIns) {
        return Stream.of(standIns.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Weaver::signature)
                .collect(toUnmodifiableSet());
    }

    private static String signature(Method method) {
        return method.getName() + Type.getMethodDescriptor(method);
    }

    /** A class with the guard in it. */
    static byte[] weave(byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        if (LEFT_ALONE.contains(reader.getClassName())) {
            return bytes;
        }
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new WovenClass(writer, reader.getClassName()), 0);
        return writer.toByteArray();
    }

    /** The classes that a class names in its constants. */
    static List<String> classesIn(byte[] bytes) {
        ClassReader reader = new ClassReader(bytes);
        char[] buffer = new char[reader.getMaxStringLength()];
        List<String> classes = new ArrayList<>();
        for (int i = 1; i < reader.getItemCount(); i++) {
            int item = reader.getItem(i);
            if (item > 0 && reader.readByte(item - 1) == CONSTANT_CLASS) {
                classes.add(reader.readUTF8(item, buffer).replace('/', '.'));
            }
        }
        return classes;
    }

    private static final class WovenClass extends ClassVisitor {
        private final String name;

        WovenClass(ClassVisitor next, String name) {
            super(Opcodes.ASM9, next);
            this.name = name;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String method,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
            if (name.equals(CONSTANTS) && method.equals("canLinkType")) {
                answerFalse(next);
                return null;
            }
            MethodVisitor woven = new WovenMethod(next, name + "." + method);
            if (method.equals("<clinit>")) {
                return new RenamedLinker(next); // and no guard: a limit in it would break the class for ever
            }
            if (name.startsWith(SCRIPT) && method.startsWith(FUNCTION)) {
                return new WovenFunction(woven, "enter", "leave");
            }
            if (NESTING.contains(name + "." + method) && (access & Opcodes.ACC_ABSTRACT) == 0) {
                return new WovenFunction(woven, "nest", "unnest");
            }
            if (name.equals(PARSER) && DECLARATIONS.contains(method)) {
                return new WovenDeclaration(woven);
            }
            if (method.equals("defineOwnProperty") || name.equals(OBJECT) && UNSEALED_CHANGES.contains(method)) {
                return new WovenChange(woven);
            }
            return method.startsWith("lambda$") || method.equals("compare") ? new WovenCallback(woven) : woven;
        }
    }

    private static void answerFalse(MethodVisitor method) {
        method.visitCode();
        method.visitInsn(Opcodes.ICONST_0);
        method.visitInsn(Opcodes.IRETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private static void call(MethodVisitor method, String owner, String name, String descriptor) {
        method.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
    }

    /** Ticks at each jump backwards, and weighs what is allocated. */
    private static final class WovenMethod extends MethodVisitor {
        private final Set<Label> behind = new HashSet<>();
        private final boolean shortLoops;
        private final boolean inScript;

        WovenMethod(MethodVisitor next, String name) {
            super(Opcodes.ASM9, next);
            this.shortLoops = SHORT_LOOPS.contains(name);
            this.inScript = name.startsWith(SCRIPT);
        }

        private void tickIfBehind(Label... labels) {
            if (!shortLoops && Stream.of(labels).anyMatch(behind::contains)) {
                call(mv, GUARD, "tick", "()V");
            }
        }

        private void size(int width) {
            super.visitIntInsn(Opcodes.BIPUSH, width);
            call(mv, GUARD, "size", "(II)I");
        }

        @Override
        public void visitLabel(Label label) {
            behind.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            tickIfBehind(label);
            super.visitJumpInsn(opcode, label);
        }

        @Override
        public void visitTableSwitchInsn(int min, int max, Label other, Label... labels) {
            tickIfBehind(labels);
            tickIfBehind(other);
            super.visitTableSwitchInsn(min, max, other, labels);
        }

        @Override
        public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
            tickIfBehind(labels);
            tickIfBehind(other);
            super.visitLookupSwitchInsn(other, keys, labels);
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                size(
                        switch (operand) {
                            case Opcodes.T_BOOLEAN, Opcodes.T_BYTE -> 1;
                            case Opcodes.T_CHAR, Opcodes.T_SHORT -> 2;
                            case Opcodes.T_LONG, Opcodes.T_DOUBLE -> 8;
                            default -> 4;
                        });
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (opcode == Opcodes.ANEWARRAY) {
                size(4);
            }
            super.visitTypeInsn(opcode, type);
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
            throw new IllegalStateException("the engine makes arrays of several dimensions, which nothing weighs");
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (opcode == Opcodes.INVOKESTATIC) {
                visitStatic(owner, name, descriptor, isInterface);
            } else if (name.equals("<init>")) {
                if (descriptor.equals("(I)V") && COLLECTIONS.contains(owner)) {
                    size(4);
                }
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            } else {
                String withReceiver = "(L" + owner + ";" + descriptor.substring(1);
                if (VIRTUALS.contains(name + withReceiver)) {
                    call(mv, VIRTUAL, name, withReceiver);
                } else {
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                    weighResult(owner, descriptor);
                }
            }
        }

        private void visitStatic(String owner, String name, String descriptor, boolean isInterface) {
            if (inScript && name.equals("getTemplateLiteralCallSite")) {
                call(mv, TEMPLATES, "template", descriptor);
            } else if (owner.equals("java/lang/Math") && ROUNDED.contains(name)) {
                call(mv, "java/lang/StrictMath", name, descriptor);
            } else if (owner.startsWith("java/") && STATICS.contains(name + descriptor)) {
                call(mv, STATIC, name, descriptor);
            } else {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, isInterface);
                weighResult(owner, descriptor);
            }
        }

        private void weighResult(String owner, String descriptor) {
            if (owner.startsWith("java/") && descriptor.endsWith(STRING_RESULT)) {
                call(mv, STAND_INS, "weighed", "(Ljava/lang/String;)Ljava/lang/String;");
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
            weighResult(bootstrap.getOwner(), descriptor);
        }
    }

    /** A function that is counted as long as it runs, until it returns or throws. */
    private static final class WovenFunction extends MethodVisitor {
        private final Label begin = new Label();
        private final Label end = new Label();

        private final String enter;
        private final String leave;

        WovenFunction(MethodVisitor next, String enter, String leave) {
            super(Opcodes.ASM9, next);
            this.enter = enter;
            this.leave = leave;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            call(mv, GUARD, enter, "()V");
            super.visitLabel(begin);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
                call(mv, GUARD, leave, "()V");
            }
            super.visitInsn(opcode);
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            super.visitLabel(end);
            super.visitTryCatchBlock(begin, end, end, null);
            super.visitFrame(Opcodes.F_FULL, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"});
            call(mv, GUARD, leave, "()V");
            super.visitInsn(Opcodes.ATHROW);
            super.visitMaxs(maxStack, maxLocals);
        }
    }

    private static final class RenamedLinker extends MethodVisitor {
        private static final String CACHING = "jdk/dynalink/linker/support/CompositeTypeBasedGuardingDynamicLinker";
        private static final String UNCACHED = "io/millrace/transforms/script/rhino/inside/UncachedLinker";

        RenamedLinker(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, type.equals(CACHING) ? UNCACHED : type);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            super.visitMethodInsn(opcode, owner.equals(CACHING) ? UNCACHED : owner, name, descriptor, isInterface);
        }
    }

    /** A change that is refused where the object is sealed. */
    private static final class WovenChange extends MethodVisitor {
        WovenChange(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            super.visitVarInsn(Opcodes.ALOAD, 0);
            call(mv, SEALED, "refuse", "(L" + OBJECT + ";)V");
        }
    }

    /** Reads a declaration of constants as one of variables: a constant in a loop would keep its first value. */
    private static final class WovenDeclaration extends MethodVisitor {
        WovenDeclaration(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            super.visitVarInsn(Opcodes.ILOAD, 1);
            call(mv, STAND_INS, "letForConst", "(I)I");
            super.visitVarInsn(Opcodes.ISTORE, 1);
        }
    }

    /** What the platform calls in loops of its own. */
    private static final class WovenCallback extends MethodVisitor {
        WovenCallback(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            call(mv, GUARD, "tick", "()V");
        }
    }
}
