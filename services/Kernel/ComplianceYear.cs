using System.Globalization;
using System.Text.Json.Serialization;

namespace CarbonMarket.Kernel;

/// <summary>The calendar year whose emissions or energy use are accounted for (履约年度).</summary>
[JsonConverter(typeof(ComplianceYearJsonConverter))]
public readonly record struct ComplianceYear : IComparable<ComplianceYear>
{
    private const int Earliest = 2000;
    private const int Latest = 2100;

    private ComplianceYear(int value) => Value = value;

    public int Value { get; }

    public ComplianceYear Next => Of(Value + 1);

    public ComplianceYear Previous => Of(Value - 1);

    public static bool IsValid(int value) => value is >= Earliest and <= Latest;

    public static ComplianceYear Of(int value) => IsValid(value)
        ? new(value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"A compliance year lies in {Earliest}-{Latest}.");

    public static bool operator <(ComplianceYear left, ComplianceYear right) => left.Value < right.Value;

    public static bool operator >(ComplianceYear left, ComplianceYear right) => left.Value > right.Value;

    public static bool operator <=(ComplianceYear left, ComplianceYear right) => left.Value <= right.Value;

    public static bool operator >=(ComplianceYear left, ComplianceYear right) => left.Value >= right.Value;

    public int CompareTo(ComplianceYear other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
