using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CarbonMarket.Architecture;

/// <summary>
/// A type as a programmer wrote it: what the compiler made of its lambdas and async methods, and the types nested in it,
/// count as part of it.
/// </summary>
internal sealed class CodeType(TypeDefinition definition)
{
    private readonly Lazy<ImmutableHashSet<string>> _uses = new(() =>
        [.. Parts(definition).SelectMany(References).SelectMany(Flatten).Select(type => FullName(type.GetElementType()))]);

    public string Name => definition.Name;

    public string FullNameText => FullName(definition);

    public string Assembly => definition.Module.Assembly.Name.Name;

    public TypeDefinition Definition => definition;

    /// <summary>Full names of all types it mentions, in signatures and in bodies.</summary>
    public IReadOnlySet<string> Uses => _uses.Value;

    public IEnumerable<MethodDefinition> Methods => Parts(definition).SelectMany(type => type.Methods);

    public static string FullName(TypeReference type) => type.FullName.Replace('/', '.');

    /// <summary>The type itself and everything nested in it.</summary>
    public static IEnumerable<TypeDefinition> Parts(TypeDefinition type) =>
        type.NestedTypes.SelectMany(Parts).Prepend(type);

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        if (type.BaseType is not null)
            yield return type.BaseType;
        foreach (var reference in type.Interfaces.Select(implemented => implemented.InterfaceType)
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.Properties.Select(property => property.PropertyType))
            .Concat(Attributes(type))
            .Concat(type.Methods.SelectMany(References)))
            yield return reference;
    }

    private static IEnumerable<TypeReference> References(MethodDefinition method)
    {
        var signature = method.Parameters.Select(parameter => parameter.ParameterType)
            .Append(method.ReturnType)
            .Concat(method.GenericParameters.SelectMany(parameter => parameter.Constraints.Select(c => c.ConstraintType)))
            .Concat(Attributes(method));
        return method.HasBody
            ? signature.Concat(method.Body.Variables.Select(variable => variable.VariableType))
                .Concat(method.Body.ExceptionHandlers.Where(h => h.CatchType is not null).Select(h => h.CatchType))
                .Concat(method.Body.Instructions.SelectMany(References))
            : signature;
    }

    private static IEnumerable<TypeReference> References(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.Select(attribute => attribute.AttributeType);

    private static IEnumerable<TypeReference> Flatten(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Flatten).Append(generic.ElementType),
        TypeSpecification wrapped => Flatten(wrapped.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
