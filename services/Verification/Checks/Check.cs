using System.Collections.Immutable;

namespace CarbonMarket.Verification.Checks;

/// <summary>How grave it is what a check found.</summary>
public enum Severity
{
    /// <summary>The year is not filed until it is put right. Comes first.</summary>
    Error,

    /// <summary>The year is filed with an answer to it.</summary>
    Warning,
}

/// <summary>What a check found in a year's evidence.</summary>
/// <param name="Code">Of the check.</param>
/// <param name="Message">What was found, with its values.</param>
/// <param name="Severity">error keeps the year from being filed; warning needs an answer.</param>
/// <param name="Path">Where: <c>months/3-6/S1/quantity</c>, <c>sources/S1</c>, <c>meters/M1</c>, <c>months/3/files/…</c>; one check finds one thing at one place.</param>
/// <param name="Values">What triggered it and the limit it was measured by, by name.</param>
/// <param name="Answer">Of the emitter, filed with the report; null while there is none.</param>
public sealed record CheckResult(
    string Code, string Message, Severity Severity, string Path, ImmutableSortedDictionary<string, string> Values, string? Answer = null)
{
    /// <summary>A warning that the emitter has not answered.</summary>
    public bool IsUnanswered => Severity == Severity.Warning && Answer is null;
}

/// <summary>What the checks found in a year, errors first and each kind in the order of the catalogue.</summary>
/// <param name="MoreWarnings">How many warnings there are besides these.</param>
public sealed record FoundByChecks(ImmutableArray<CheckResult> Results, int MoreWarnings);

/// <summary>
/// One automated check of a year's evidence (数据质量校验): pure, so that a dry run and a filing find the same. What it says is its
/// code's title in the language of the request. A new check is a class of its own in <see cref="Catalogue"/>.
/// </summary>
public interface ICheck
{
    /// <summary>Stable and kebab-case.</summary>
    string Code { get; }

    Severity Severity { get; }

    /// <summary>In the order of months, streams and inputs.</summary>
    IEnumerable<CheckResult> Of(CheckedYear year);
}
