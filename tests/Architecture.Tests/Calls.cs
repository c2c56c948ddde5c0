using System.Collections.Immutable;
using Mono.Cecil;
using Mono.Collections.Generic;

namespace CarbonMarket.Architecture;

/// <summary>
/// What methods call, and what is called there in turn as far as the code is ours. Whoever stands behind an interface or
/// a virtual method is not followed.
/// </summary>
internal static class Calls
{
    private static readonly Lazy<ILookup<string, MethodDefinition>> Ours = new(() =>
        Code.All.SelectMany(assembly => assembly.MainModule.GetTypes()).SelectMany(type => type.Methods).ToLookup(Name));

    /// <summary>Full names, properties as get_ and set_: System.Environment.get_TickCount.</summary>
    public static ImmutableHashSet<string> From(IEnumerable<MethodDefinition> methods)
    {
        var (names, seen) = (ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal), new HashSet<MethodDefinition>());
        var open = new Queue<MethodDefinition>(methods);
        while (open.TryDequeue(out var method))
        {
            if (!seen.Add(method) || !method.HasBody)
                continue;
            foreach (var called in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>())
            {
                var name = Name(called);
                names.Add(name);
                foreach (var next in Ours.Value[name].SelectMany(Bodies))
                    open.Enqueue(next);
            }
        }

        return names.ToImmutable();
    }

    // An iterator or async method only makes the object in which the compiler has put its body.
    private static Collection<MethodDefinition> Bodies(MethodDefinition method) =>
        method.DeclaringType.Name.Contains(">d__", StringComparison.Ordinal) ? method.DeclaringType.Methods : [method];

    private static string Name(MethodReference method) =>
        $"{CodeType.FullName(method.DeclaringType.GetElementType())}.{method.Name}";
}
