using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CarbonMarket.Calculation;

/// <summary>
/// A unit of measurement as it is written: atoms joined by <c>*</c> and <c>/</c>, such as <c>tCO2/MWh</c>. Products keep the
/// units they were written in, so that MWh against MWh cancels without a rounding; scales are applied only where a figure
/// has to be stated in another unit.
/// </summary>
public sealed class Unit : IEquatable<Unit>
{
    /// <summary>No unit: a number, a share.</summary>
    public static readonly Unit One = new([]);

    /// <summary>
    /// Atoms in a unit that is given: what is measured has three at most, and a product of many scales is beyond any decimal, or so near to
    /// nothing that it loses its digits.
    /// </summary>
    public const int MostAtoms = 4;

    private const int LongestText = 60;

    private readonly ImmutableSortedDictionary<string, int> _powers;
    private readonly string _text;

    private Unit(IEnumerable<KeyValuePair<string, int>> powers)
    {
        _powers = powers.Where(power => power.Value != 0).ToImmutableSortedDictionary(StringComparer.Ordinal);
        Dimension = Describe(_powers);
        _text = Write(_powers);
    }

    /// <summary>What is measured, in words: <c>energy</c>, <c>carbon dioxide / mass</c>; <c>number</c> where nothing is.</summary>
    public string Dimension { get; }

    /// <summary>A unit that was taken before; those of many atoms were, too.</summary>
    public static Unit Parse(string text) =>
        TryParse(text, int.MaxValue, out var unit) ? unit : throw new FormatException($"{text} is no unit; units are made of {UnitAtom.Known}.");

    /// <summary>A unit as somebody gives it, of <see cref="MostAtoms"/> at most.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Unit? unit) => TryParse(text, MostAtoms, out unit);

    internal static bool TryParse(string? text, int mostAtoms, [NotNullWhen(true)] out Unit? unit)
    {
        unit = null;
        if (string.IsNullOrEmpty(text) || text.Length > LongestText)
            return false;
        var powers = new Dictionary<string, int>(StringComparer.Ordinal);
        var (sign, start) = (1, 0);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && text[at] is not ('*' or '/'))
                continue;
            var name = UnitAtom.Plain(text[start..at]);
            if (name is not "1")
            {
                if (!UnitAtom.All.ContainsKey(name) || --mostAtoms < 0)
                    return false;
                powers[name] = powers.GetValueOrDefault(name) + sign;
            }
            (sign, start) = (at < text.Length && text[at] is '/' ? -1 : 1, at + 1);
        }
        unit = new Unit(powers);
        return true;
    }

    public bool SameDimension(Unit other) => string.Equals(Dimension, other.Dimension, StringComparison.Ordinal);

    public bool Equals(Unit? other) => string.Equals(_text, other?._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Unit);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;

    internal Unit Times(Unit other) => Merge(other, 1);

    internal Unit Over(Unit other) => Merge(other, -1);

    /// <summary>How a figure in this unit becomes one in another: times the first, divided by the second, both exact.</summary>
    internal (decimal Times, decimal Over) To(Unit other)
    {
        var (times, over) = (1m, 1m);
        foreach (var (name, power) in Over(other)._powers)
        {
            for (var count = 0; count < Math.Abs(power); count++)
                (times, over) = power > 0 ? (times * UnitAtom.All[name].Scale, over) : (times, over * UnitAtom.All[name].Scale);
        }
        return (times, over);
    }

    private Unit Merge(Unit other, int sign)
    {
        var powers = _powers.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, power) in other._powers)
            powers[name] = powers.GetValueOrDefault(name) + (sign * power);
        return new Unit(powers);
    }

    private static string Write(ImmutableSortedDictionary<string, int> powers)
    {
        var above = string.Join('*', Repeated(powers, 1));
        return (above.Length == 0 ? "1" : above) + string.Concat(Repeated(powers, -1).Select(name => "/" + name));
    }

    private static IEnumerable<string> Repeated(ImmutableSortedDictionary<string, int> powers, int sign) =>
        powers.Where(power => Math.Sign(power.Value) == sign).SelectMany(power => Enumerable.Repeat(power.Key, Math.Abs(power.Value)));

    private static string Describe(IEnumerable<KeyValuePair<string, int>> powers)
    {
        var bases = powers.SelectMany(power => UnitAtom.All[power.Key].Dimension.Select(part => (part.Name, Power: part.Power * power.Value)))
            .GroupBy(part => part.Name, StringComparer.Ordinal)
            .Select(part => (Name: part.Key, Power: part.Sum(one => one.Power)))
            .Where(part => part.Power != 0)
            .OrderBy(part => part.Name, StringComparer.Ordinal)
            .ToList();
        var above = string.Join(" x ", bases.Where(part => part.Power > 0).Select(Text));
        var below = string.Concat(bases.Where(part => part.Power < 0).Select(part => " / " + Text((part.Name, -part.Power))));
        return (above.Length == 0 ? "number" : above) + below;
    }

    private static string Text((string Name, int Power) part) =>
        part.Power == 1 ? part.Name : part.Name + "^" + part.Power.ToString(CultureInfo.InvariantCulture);
}
