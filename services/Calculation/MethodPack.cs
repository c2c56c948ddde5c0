using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CarbonMarket.Calculation;

/// <summary>A name in both languages.</summary>
public sealed record Title(string En, string Zh)
{
    public string In(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh : En;
}

/// <summary>From which years to which a method or a factor holds; an end left open is no end.</summary>
public sealed record Years(int? First, int? Last)
{
    public bool Hold(int year) => (First is null || year >= First) && (Last is null || year <= Last);

    internal bool Meet(Years other) => (First ?? int.MinValue) <= (other.Last ?? int.MaxValue) && (other.First ?? int.MinValue) <= (Last ?? int.MaxValue);
}

/// <summary>What a factor is good for when an input has not been given (取值优先序).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FactorKind>))]
public enum FactorKind
{
    /// <summary>A number of the formula itself.</summary>
    [JsonStringEnumMemberName("parameter")]
    Parameter,

    /// <summary>缺省值: published for those who do not measure.</summary>
    [JsonStringEnumMemberName("published-default")]
    PublishedDefault,

    /// <summary>惩罚性缺省值: for those who should have measured and did not.</summary>
    [JsonStringEnumMemberName("penalty-default")]
    PenaltyDefault,
}

/// <summary>One value of a factor: for what, for when, and who says so.</summary>
/// <param name="Scope">Which fuel, province, boiler type ...: one word per word the factor is looked up by.</param>
/// <param name="ValidFrom">First legal day, where the source names one; compared with the day the calculation is as of.</param>
/// <param name="Source">Tag and document: [V:..] read, [M:..] from memory, [D] derived.</param>
/// <param name="Version">The edition of the source.</param>
public sealed record FactorValue(
    decimal Value, FrozenDictionary<string, string> Scope, Years Years, DateOnly? ValidFrom, DateOnly? ValidTo, string Source, string Version)
{
    internal bool Holds(int year, DateOnly asOf) => Years.Hold(year) && (ValidFrom is null || asOf >= ValidFrom) && (ValidTo is null || asOf <= ValidTo);
}

/// <summary>A published number (因子): its unit, by which words it is looked up, and its values.</summary>
public sealed record Factor(string Id, Title Title, Unit Unit, FactorKind Kind, ImmutableArray<string> By, ImmutableArray<FactorValue> Values)
{
    public FactorValue? Find(IReadOnlyDictionary<string, string> scope, int year, DateOnly asOf) => Values.FirstOrDefault(value =>
        value.Holds(year, asOf) && By.All(word => scope.TryGetValue(word, out var said) && string.Equals(said, value.Scope[word], StringComparison.Ordinal)));
}

/// <summary>A figure a method asks for.</summary>
/// <param name="Many">A list: months, streams, units.</param>
/// <param name="OrElse">The factors that stand in for it, best first; none: it has to be given.</param>
public sealed record MethodInput(
    string Name, Title Title, Unit Unit, bool Many, decimal? Lowest, decimal? Highest, Rounding? Rounding, ImmutableArray<string> OrElse);

/// <summary>A figure a method works out, with the rule it is rounded by.</summary>
public sealed record MethodStep(string Name, Title Title, Unit Unit, string Expression, Rounding? Rounding)
{
    internal Formula Formula { get; init; } = null!;
}

/// <summary>A calculation the law describes: inputs, steps, and the last step as its result.</summary>
/// <param name="Scope">The words a calculation has to say, with the values it may say; an empty list leaves the word free.</param>
public sealed record Method(
    string Id, Title Title, string Source, Years Years, FrozenDictionary<string, ImmutableArray<string>> Scope,
    ImmutableArray<MethodInput> Inputs, ImmutableArray<string> Factors, ImmutableArray<MethodStep> Steps)
{
    public MethodStep Result => Steps[^1];

    internal FrozenDictionary<string, FormulaName> Names { get; init; } = null!;
}

/// <summary>Methods of calculation as data (核算方法包): formulas, factors and rounding of one field in one version.</summary>
public sealed record MethodPack(
    string Id, string Version, Title Title, FrozenDictionary<string, string> Sources, FrozenDictionary<string, Factor> Factors, ImmutableArray<Method> Methods)
{
    /// <summary>The method as it held for a compliance year; null where none did.</summary>
    public Method? Method(string id, int year) =>
        Methods.FirstOrDefault(method => string.Equals(method.Id, id, StringComparison.Ordinal) && method.Years.Hold(year));
}
