using System.Collections.Immutable;
using Mono.Cecil;

namespace CarbonMarket.Architecture;

/// <summary>The platform's assemblies as built, beside this test program.</summary>
internal static class Code
{
    public static readonly ImmutableArray<string> Services =
        ["Identity", "Allocation", "Verification", "Trading", "Settlement", "Audit", "Portal", "Planning", "Gateway"];

    private static readonly Lazy<ImmutableArray<AssemblyDefinition>> Loaded = new(() =>
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "CarbonMarket.*.dll")
            .Order(StringComparer.Ordinal)
            .Select(path => AssemblyDefinition.ReadAssembly(path)),
    ]);

    /// <summary>What is shipped, and these tests.</summary>
    public static ImmutableArray<AssemblyDefinition> All => Loaded.Value;

    /// <summary>What is shipped: everything but tests.</summary>
    public static ImmutableArray<AssemblyDefinition> Shipped =>
        [.. Loaded.Value.Where(assembly => !assembly.Name.Name.EndsWith(".Tests", StringComparison.Ordinal))];

    public static AssemblyDefinition Tests => Loaded.Value.Single(assembly =>
        string.Equals(assembly.Name.Name, typeof(Code).Assembly.GetName().Name, StringComparison.Ordinal));

    public static AssemblyDefinition Named(string name) =>
        Loaded.Value.Single(assembly => string.Equals(assembly.Name.Name, name, StringComparison.Ordinal));

    public static IReadOnlyList<CodeType> ShippedTypes => [.. Shipped.SelectMany(Types)];

    public static IReadOnlyList<CodeType> ServiceTypes =>
        [.. Shipped.Where(assembly => Services.Contains(assembly.Name.Name["CarbonMarket.".Length..])).SelectMany(Types)];

    /// <summary>A type of this test assembly that breaks rules on purpose, and everything nested in it.</summary>
    public static IReadOnlyList<CodeType> Violator(Type type) =>
        [.. Types(Tests).Where(candidate => string.Equals(candidate.FullNameText, type.FullName, StringComparison.Ordinal))];

    private static IEnumerable<CodeType> Types(AssemblyDefinition assembly) =>
        assembly.MainModule.Types.Where(type => !type.Name.StartsWith('<')).Select(type => new CodeType(type));
}
