using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.Kernel;

/// <summary>Amounts are plain whole numbers on every wire and in every event.</summary>
public abstract class WholeNumberJsonConverter<T>(Func<long, T> read, Func<T, long> write) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value))
            throw new JsonException($"{typeof(T).Name} is a whole number.");
        try
        {
            return read(value);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(write(value));
}

public sealed class TonnesJsonConverter() : WholeNumberJsonConverter<Tonnes>(Tonnes.Of, amount => amount.Value);

public sealed class TonnesCoalEquivalentJsonConverter()
    : WholeNumberJsonConverter<TonnesCoalEquivalent>(TonnesCoalEquivalent.Of, amount => amount.Value);

public sealed class QuantityJsonConverter() : WholeNumberJsonConverter<Quantity>(Quantity.Of, amount => amount.Value);

public sealed class MoneyJsonConverter() : WholeNumberJsonConverter<Money>(Money.OfMinor, amount => amount.Minor);

public sealed class PriceJsonConverter() : WholeNumberJsonConverter<Price>(Price.OfMinor, price => price.MinorPerUnit);

public sealed class ComplianceYearJsonConverter()
    : WholeNumberJsonConverter<ComplianceYear>(value => ComplianceYear.Of(checked((int)value)), year => year.Value);

public sealed class BasisPointsJsonConverter() : WholeNumberJsonConverter<BasisPoints>(BasisPoints.Of, share => share.Value);
