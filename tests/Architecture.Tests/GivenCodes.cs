using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using OpCodeOf = Mono.Cecil.Cil.Code;

namespace CarbonMarket.Architecture;

/// <summary>
/// The codes an assembly answers with: every literal that reaches a parameter <c>code</c> whose next parameter is the
/// same in words (reason, message, detail). Followed as the machine would, through conditions, locals, tuples and what
/// the compiler makes of async methods, because a code is seldom written inside the very call.
/// </summary>
internal sealed partial class GivenCodes
{
    private static readonly ImmutableHashSet<string> Nothing = ImmutableHashSet<string>.Empty.WithComparer(StringComparer.Ordinal);
    private static readonly string[] Words = ["reason", "message", "detail"];

    private readonly Dictionary<object, ImmutableHashSet<string>> _kept = [];
    private readonly SortedSet<string> _codes = new(StringComparer.Ordinal);

    public static ImmutableSortedSet<string> In(params IEnumerable<AssemblyDefinition> assemblies) =>
        In(assemblies.SelectMany(assembly => assembly.MainModule.GetTypes()));

    public static ImmutableSortedSet<string> In(IEnumerable<TypeDefinition> types)
    {
        var methods = types.SelectMany(type => type.Methods).Where(method => method.HasBody).ToList();
        var codes = new GivenCodes();
        // Twice: a field or local may be read above the place that writes it.
        foreach (var method in methods.Concat(methods))
            codes.Walk(method);
        return [.. codes._codes.Where(literal => Form().IsMatch(literal))];
    }

    private void Walk(MethodDefinition method)
    {
        var waiting = new Dictionary<Instruction, ImmutableStack<ImmutableHashSet<string>>>();
        foreach (var handler in method.Body.ExceptionHandlers.Where(handler => handler.HandlerType is ExceptionHandlerType.Catch))
            waiting[handler.HandlerStart] = [Nothing];
        var (stack, reached) = (ImmutableStack<ImmutableHashSet<string>>.Empty, true);
        foreach (var instruction in method.Body.Instructions)
        {
            if (waiting.TryGetValue(instruction, out var jumped))
                stack = reached ? Join(stack, jumped) : jumped;
            else if (!reached)
                stack = [];
            stack = Step(method, instruction, stack);
            foreach (var target in Targets(instruction))
                waiting[target] = waiting.TryGetValue(target, out var other) ? Join(stack, other) : stack;
            reached = instruction.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw);
        }
    }

    private ImmutableStack<ImmutableHashSet<string>> Step(
        MethodDefinition method, Instruction instruction, ImmutableStack<ImmutableHashSet<string>> stack)
    {
        var taken = new ImmutableHashSet<string>[Pops(method, instruction, stack)];
        for (var index = taken.Length - 1; index >= 0; index--)
            stack = stack.IsEmpty ? stack : stack.Pop(out taken[index]);
        var given = taken.Select(value => value ?? Nothing).ToList();
        var called = instruction.Operand is MethodReference reference && IsOurs(reference.DeclaringType) ? reference.Resolve() : null;
        if (called is not null)
            Collect(called, given.TakeLast(called.Parameters.Count).ToList());
        var place = called?.FullName ?? Place(method, instruction);
        if (place is not null && given.Count > 0 && IsStore(instruction))
            _kept[place] = _kept.GetValueOrDefault(place, Nothing).Union(given[^1]);
        var result = instruction switch
        {
            { OpCode.Code: OpCodeOf.Ldstr, Operand: string literal } => Nothing.Add(literal),
            { OpCode.Code: OpCodeOf.Dup } => given[0],
            { Operand: MemberReference { DeclaringType: { } type } } when IsTuple(type) => Nothing.Union(given.SelectMany(value => value)),
            _ when place is not null => _kept.GetValueOrDefault(place, Nothing),
            _ => Nothing,
        };
        for (var pushed = Pushes(instruction); pushed > 0; pushed--)
            stack = stack.Push(result);
        return stack;
    }

    private void Collect(MethodDefinition called, List<ImmutableHashSet<string>> given)
    {
        for (var index = 0; index + 1 < called.Parameters.Count; index++)
            if (Is(called.Parameters[index], ["code"]) && Is(called.Parameters[index + 1], Words))
                _codes.UnionWith(given[index]);
    }

    private static bool Is(ParameterDefinition parameter, string[] names) => names.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase);

    private static bool IsOurs(TypeReference type) => type.FullName.StartsWith("CarbonMarket.", StringComparison.Ordinal);

    private static bool IsStore(Instruction instruction) =>
        instruction.OpCode.Code is OpCodeOf.Ret || instruction.OpCode.Name.StartsWith("st", StringComparison.Ordinal);

    private static bool IsTuple(TypeReference type) => type.FullName.StartsWith("System.ValueTuple`", StringComparison.Ordinal);

    /// <summary>The local, field or answer that an instruction reads or writes; a tuple's own fields are as good as the tuple.</summary>
    private static object? Place(MethodDefinition method, Instruction instruction) => instruction.Operand switch
    {
        VariableDefinition local => local,
        FieldReference field => IsTuple(field.DeclaringType) ? null : field.FullName,
        _ => instruction.OpCode.Code switch
        {
            OpCodeOf.Ret => method.FullName,
            OpCodeOf.Ldloc_0 or OpCodeOf.Stloc_0 => method.Body.Variables[0],
            OpCodeOf.Ldloc_1 or OpCodeOf.Stloc_1 => method.Body.Variables[1],
            OpCodeOf.Ldloc_2 or OpCodeOf.Stloc_2 => method.Body.Variables[2],
            OpCodeOf.Ldloc_3 or OpCodeOf.Stloc_3 => method.Body.Variables[3],
            _ => null,
        },
    };

    private static Instruction[] Targets(Instruction instruction) => instruction switch
    {
        { OpCode.FlowControl: FlowControl.Branch or FlowControl.Cond_Branch, Operand: Instruction target } => [target],
        { Operand: Instruction[] targets } => targets,
        _ => [],
    };

    private static ImmutableStack<ImmutableHashSet<string>> Join(
        ImmutableStack<ImmutableHashSet<string>> one, ImmutableStack<ImmutableHashSet<string>> other) =>
        [.. one.Zip(other, (left, right) => left.Union(right)).Reverse()];

    private static int Pops(MethodDefinition method, Instruction instruction, ImmutableStack<ImmutableHashSet<string>> stack) =>
        instruction switch
        {
            { OpCode.StackBehaviourPop: StackBehaviour.PopAll } => stack.Count(),
            { OpCode.Code: OpCodeOf.Ret } => method.ReturnType.MetadataType is MetadataType.Void ? 0 : 1,
            { OpCode.Code: OpCodeOf.Newobj, Operand: MethodReference made } => made.Parameters.Count,
            { OpCode.StackBehaviourPop: StackBehaviour.Varpop, Operand: MethodReference called } =>
                called.Parameters.Count + (called.HasThis ? 1 : 0),
            _ => Count(instruction.OpCode.StackBehaviourPop),
        };

    private static int Pushes(Instruction instruction) => instruction switch
    {
        { OpCode.StackBehaviourPush: StackBehaviour.Varpush, Operand: MethodReference called } =>
            called.ReturnType.MetadataType is MetadataType.Void ? 0 : 1,
        _ => Count(instruction.OpCode.StackBehaviourPush),
    };

    // Popref_popi_pop1 is three, and so on.
    private static int Count(StackBehaviour behaviour) =>
        behaviour is StackBehaviour.Pop0 or StackBehaviour.Push0 ? 0 : behaviour.ToString().Count(letter => letter is '_') + 1;

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
