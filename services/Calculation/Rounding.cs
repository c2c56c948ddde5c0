using System.Text.Json.Serialization;

namespace CarbonMarket.Calculation;

[JsonConverter(typeof(JsonStringEnumConverter<RoundingMode>))]
public enum RoundingMode
{
    /// <summary>四舍五入: a half goes away from zero.</summary>
    [JsonStringEnumMemberName("half-up")]
    HalfUp,

    /// <summary>向下取整: towards minus infinity, so that no part of an allowance is given.</summary>
    [JsonStringEnumMemberName("floor")]
    Floor,
}

/// <summary>The one place where figures are rounded. Which rule a quantity has is said by its method pack.</summary>
/// <param name="Mode">Which way a figure between two is rounded.</param>
/// <param name="Decimals">Digits that are left after the decimal point.</param>
public sealed record Rounding(RoundingMode Mode, int Decimals)
{
    public decimal Apply(decimal value) => decimal.Round(
        value, Decimals, Mode == RoundingMode.Floor ? MidpointRounding.ToNegativeInfinity : MidpointRounding.AwayFromZero);
}
