using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Godwit.Tests.Tidy;

/// <summary>The built assemblies, as Mono.Cecil reads them: with every nested and compiler-made type.</summary>
internal static class Assemblies
{
    public static ModuleDefinition Engine { get; } = Read("Godwit");

    public static ModuleDefinition App { get; } = Read("Godwit.App");

    public static ModuleDefinition HerokuLocal { get; } = Read("Godwit.HerokuLocal");

    public static ModuleDefinition PgArchive { get; } = Read("Godwit.PgArchive");

    public static ModuleDefinition Tests { get; } = Read("Godwit.Tests");

    public static IReadOnlyList<ModuleDefinition> Product => [Engine, App, HerokuLocal, PgArchive];

    private static ModuleDefinition Read(string name) =>
        ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, name + ".dll"),
            new ReaderParameters { ReadSymbols = true });

    public static IEnumerable<TypeDefinition> AllTypes(this ModuleDefinition module) =>
        module.Types.SelectMany(WithNested);

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(WithNested).Prepend(type);

    public static TypeReference Outermost(this TypeReference type) =>
        type.DeclaringType is null ? type : type.DeclaringType.Outermost();

    public static IEnumerable<Instruction> Instructions(this TypeDefinition type) =>
        type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions);

    /// <summary>Made by the compiler or a source generator, not by us.</summary>
    public static bool IsGenerated(this TypeDefinition type)
    {
        var outermost = type.Outermost();
        return outermost.Name.StartsWith('<') || outermost.Namespace.StartsWith("System", StringComparison.Ordinal)
            || outermost.Namespace.StartsWith("Microsoft", StringComparison.Ordinal);
    }

    /// <summary>Every type <paramref name="type"/> mentions: in its shape, its attributes and its method
    /// bodies.</summary>
    public static IEnumerable<TypeReference> Mentioned(this TypeDefinition type)
    {
        IEnumerable<TypeReference?> direct =
        [
            type.BaseType,
            .. type.Interfaces.Select(implemented => implemented.InterfaceType),
            .. type.GenericParameters.SelectMany(Constraints),
            .. Attributes(type),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Fields.SelectMany(Attributes),
            .. type.Properties.SelectMany(Attributes),
            .. type.Events.Select(happening => happening.EventType),
            .. type.Methods.SelectMany(InMethod),
        ];
        return direct.SelectMany(Unwrapped);
    }

    private static IEnumerable<TypeReference?> InMethod(MethodDefinition method)
    {
        IEnumerable<TypeReference?> shape =
            [.. Attributes(method), .. Signature(method), .. method.GenericParameters.SelectMany(Constraints),
                .. method.Parameters.SelectMany(Attributes)];
        if (!method.HasBody)
            return shape;
        return
        [
            .. shape,
            .. method.Body.Variables.Select(variable => variable.VariableType),
            .. method.Body.ExceptionHandlers.Select(handler => handler.CatchType),
            .. method.Body.Instructions.SelectMany(InOperand),
        ];
    }

    private static IEnumerable<TypeReference?> InOperand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        MethodReference method => [method.DeclaringType, .. Signature(method)],
        FieldReference field => [field.DeclaringType, field.FieldType],
        CallSite site => [site.ReturnType, .. site.Parameters.Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Signature(MethodReference method)
    {
        IEnumerable<TypeReference> arguments = method is GenericInstanceMethod generic ? generic.GenericArguments : [];
        return [method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType), .. arguments];
    }

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute =>
            attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument))
                .Select(argument => argument.Value).OfType<TypeReference>().Prepend(attribute.AttributeType));

    /// <summary>The named types inside arrays, references and generic arguments.</summary>
    private static IEnumerable<TypeReference> Unwrapped(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Unwrapped).Prepend(generic.ElementType),
        RequiredModifierType modified => Unwrapped(modified.ElementType).Concat(Unwrapped(modified.ModifierType)),
        FunctionPointerType pointer => Unwrapped(pointer.ReturnType)
            .Concat(pointer.Parameters.SelectMany(parameter => Unwrapped(parameter.ParameterType))),
        TypeSpecification wrapper => Unwrapped(wrapper.ElementType),
        _ => [type],
    };
}
