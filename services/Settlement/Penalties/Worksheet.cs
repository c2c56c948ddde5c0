using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Settlement.Penalties;

/// <summary>What a penalty is reckoned from.</summary>
/// <param name="Violation">surrender, or another that the parameters of the policy pack name.</param>
/// <param name="ActOn">The legal day of the act; the law in force on it decides, not that of the decision.</param>
/// <param name="Shortfall">Units not surrendered when the deadline had passed.</param>
/// <param name="Unpaid">Of these, not surrendered by the assessment; a later step is decided for what of them is unpaid then.</param>
/// <param name="AveragePrice">Of the month before the deadline.</param>
/// <param name="PriceSource">Where that price comes from.</param>
/// <param name="Gains">Illegal gains; null: none.</param>
/// <param name="OfPerson">Against a person in charge, not the entity.</param>
public sealed record PenaltyInputs(
    string Violation, DateOnly ActOn, Quantity? Shortfall, Quantity? Unpaid, Price? AveragePrice, string? PriceSource, Money? Gains, bool OfPerson);

/// <summary>One fine that may be imposed: from the lowest to the highest amount.</summary>
/// <param name="Number">1 for the first; a later one follows only where the one before has not helped.</param>
/// <param name="Formula">In words, with the figures.</param>
/// <param name="Lowest">Least amount that may be imposed, in minor units of the currency.</param>
/// <param name="Highest">Largest amount that may be imposed, in minor units of the currency.</param>
/// <param name="Regime">The rule and where it was found.</param>
/// <param name="Rounding">How the amounts were rounded.</param>
public sealed record PenaltyStep(int Number, string Formula, Money Lowest, Money Highest, string Regime, string Rounding);

/// <summary>
/// How a penalty was reckoned (处罚计算表): inputs, the law of the day of the act, formula, range and rounding. Every number of
/// the rules comes from dated parameters of the pack, named after the violation.
/// </summary>
/// <param name="Inputs">What it is reckoned from.</param>
/// <param name="Steps">One or two fines, in the order in which they may be imposed.</param>
public sealed record PenaltyWorksheet(PenaltyInputs Inputs, ImmutableArray<PenaltyStep> Steps)
{
    public const string Surrender = "surrender";
    private const string NoRounding = "none: whole amounts of the law";
    private const string HalfUp = "to the minor unit of the currency, half of it up";

    /// <summary>Null: the law in force on the day of the act knows no fine for it.</summary>
    public static PenaltyWorksheet? Of(PolicyPack pack, PenaltyInputs inputs)
    {
        var steps = inputs.Violation == Surrender ? OfShortfall(pack, inputs) : OfGains(pack, inputs);
        return steps.IsEmpty ? null : new PenaltyWorksheet(inputs, steps);
    }

    /// <summary>A step as it was reckoned, or for the part of its units that is still unpaid when it is decided.</summary>
    /// <param name="unpaid">Null: the step is not of what is unpaid.</param>
    public PenaltyStep Step(int number, Quantity? unpaid)
    {
        var step = Steps.First(step => step.Number == number);
        return unpaid is { } units && Inputs.Unpaid is { } reckoned && units < reckoned
            ? step with
            {
                Formula = Text($"{step.Formula}, for {units} of these {reckoned} units"),
                Lowest = Part(step.Lowest, units, reckoned), Highest = Part(step.Highest, units, reckoned), Rounding = HalfUp,
            }
            : step;
    }

    /// <summary>Whether the law of that day reckons by the price of the market.</summary>
    public static bool NeedsPrice(PolicyPack pack, string violation, DateOnly actOn) => Range(pack, $"{violation}-fine-price-multiple", actOn) is not null;

    /// <summary>A fixed range, multiples of price times shortfall, or first the one and then the other for what is still unpaid.</summary>
    private static ImmutableArray<PenaltyStep> OfShortfall(PolicyPack pack, PenaltyInputs inputs)
    {
        var (day, steps) = (inputs.ActOn, ImmutableArray.CreateBuilder<PenaltyStep>());
        if (Range(pack, "surrender-fine", day) is { } fixedRange)
            steps.Add(Fixed(pack, 1, fixedRange));
        if (Range(pack, "surrender-fine-price-multiple", day) is { } multiples && inputs is { AveragePrice: { } price, Shortfall: { } shortfall })
        {
            var units = steps.Count == 0 ? shortfall : inputs.Unpaid ?? shortfall;
            var worth = units * price;
            steps.Add(new PenaltyStep(steps.Count + 1, Text($"{units} units not surrendered × {price} average price × {multiples.Lowest} to {multiples.Highest}"),
                Times(worth, multiples.Lowest), Times(worth, multiples.Highest), multiples.Source, HalfUp));
        }
        return steps.DrainToImmutable();
    }

    /// <summary>Multiples of the gains where they come to so much, a fixed range otherwise; for a person always the range for persons.</summary>
    private static ImmutableArray<PenaltyStep> OfGains(PolicyPack pack, PenaltyInputs inputs)
    {
        var (name, day) = (inputs.OfPerson ? $"{inputs.Violation}-person" : inputs.Violation, inputs.ActOn);
        if (inputs.Gains is { } gains && Range(pack, $"{name}-gains-multiple", day) is { } multiples
            && gains >= Minor(pack, pack.Parameter($"{name}-gains-from")?.On(day)?.Value ?? 0))
        {
            return [new PenaltyStep(1, Text($"{gains} illegal gains × {multiples.Lowest} to {multiples.Highest}"),
                Times(gains, multiples.Lowest), Times(gains, multiples.Highest), multiples.Source, HalfUp)];
        }
        return Range(pack, $"{name}-fine", day) is { } fixedRange ? [Fixed(pack, 1, fixedRange)] : [];
    }

    private static PenaltyStep Fixed(PolicyPack pack, int number, (decimal Lowest, decimal Highest, string Source) range) => new(
        number, Text($"{range.Lowest} to {range.Highest} {pack.Currency.Code}"), Minor(pack, range.Lowest), Minor(pack, range.Highest), range.Source, NoRounding);

    private static (decimal Lowest, decimal Highest, string Source)? Range(PolicyPack pack, string name, DateOnly day) =>
        pack.Parameter($"{name}-lowest")?.On(day) is { } lowest && pack.Parameter($"{name}-highest")?.On(day) is { } highest
            ? (lowest.Value, highest.Value, lowest.Source)
            : null;

    private static Money Minor(PolicyPack pack, decimal major) => Money.OfMinor((long)(major * pack.Currency.MinorUnits));

    private static Money Times(Money worth, decimal multiple) => Money.OfMinor((long)decimal.Round(worth.Minor * multiple, MidpointRounding.AwayFromZero));

    /// <summary>To the minor unit, half of it up.</summary>
    private static Money Part(Money whole, Quantity units, Quantity of) =>
        Money.OfMinor((long)decimal.Round((decimal)whole.Minor * units.Value / of.Value, MidpointRounding.AwayFromZero));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
