using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.PolicyPacks;

/// <summary>A named number of the rules and how it changed: a threshold, a share, a benchmark, a factor, a fine.</summary>
/// <param name="Id">Kebab-case.</param>
/// <param name="Unit">Unit of the values, in plain text; <c>1</c> for a ratio.</param>
/// <param name="Meaning">What it is, in English, with the Chinese term.</param>
public sealed record Parameter(string Id, string Unit, string Meaning, ImmutableArray<ParameterValue> Values)
{
    /// <summary>The value for a compliance year; null where the rules give none.</summary>
    public ParameterValue? For(ComplianceYear year) => Values.FirstOrDefault(value =>
        value.FirstYear is { } first && first <= year.Value && year.Value <= (value.LastYear ?? first));

    /// <summary>The value in force on a legal day; null where the rules give none.</summary>
    public ParameterValue? On(DateOnly day) => Values.FirstOrDefault(value =>
        value.ValidFrom is { } from && from <= day && day <= (value.ValidTo ?? DateOnly.MaxValue));
}

/// <summary>One value, for compliance years or for legal days, never both.</summary>
/// <param name="FirstYear">First compliance year.</param>
/// <param name="LastYear">Last compliance year; null: the first only.</param>
/// <param name="ValidFrom">First legal day.</param>
/// <param name="ValidTo">Last legal day; null: until further notice.</param>
/// <param name="Source">Tag and place of the document it was found in.</param>
public sealed record ParameterValue(
    decimal Value, int? FirstYear, int? LastYear, DateOnly? ValidFrom, DateOnly? ValidTo, string Source);
