namespace CarbonMarket.Calculation;

/// <summary>
/// Powers and exponentials of decimals. The processor's floating point may differ in the last bit from machine to machine;
/// these are sums and products of decimals in a fixed order, equal everywhere, and true to 24 digits and more, where the
/// finest rounding rule asks for six.
/// </summary>
internal static class DecimalPower
{
    /// <summary>Beyond it e^x is larger than any decimal.</summary>
    private const decimal LargestExponent = 66;

    private const decimal E = 2.7182818284590452353602874714m;
    private const decimal Ln2 = 0.6931471805599453094172321215m;
    private const decimal Smallest = 0.0000000000000000000000000001m;

    public static decimal Exp(decimal x)
    {
        if (x < 0)
            return x < -LargestExponent ? 0 : 1 / Exp(-x);
        if (x > LargestExponent)
            throw new OverflowException("The exponential is larger than any decimal.");
        var whole = decimal.Floor(x);
        var (sum, term) = (1m, 1m);
        for (var n = 1; term > Smallest; n++)
        {
            term = term * (x - whole) / n;
            sum += term;
        }
        return sum * Whole(E, (long)whole);
    }

    /// <summary>The natural logarithm of a positive number, by halving into [0.75, 1.5) and the series of atanh.</summary>
    public static decimal Ln(decimal x)
    {
        if (x <= 0)
            throw new ArithmeticException("Only a positive number has a logarithm.");
        var halvings = 0;
        for (; x >= 1.5m; halvings++)
            x /= 2;
        for (; x < 0.75m; halvings--)
            x *= 2;
        var ratio = (x - 1) / (x + 1);
        var (sum, power) = (0m, ratio);
        for (var n = 1; power != 0; n += 2)
        {
            sum += power / n;
            power = power * ratio * ratio;
        }
        return (2 * sum) + (halvings * Ln2);
    }

    public static decimal Pow(decimal x, decimal exponent)
    {
        if (exponent == decimal.Truncate(exponent) && Math.Abs(exponent) <= 1000)
            return exponent < 0 ? 1 / Whole(x, (long)-exponent) : Whole(x, (long)exponent);
        return Exp(exponent * Ln(x));
    }

    private static decimal Whole(decimal x, long exponent)
    {
        var result = 1m;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1)
                result *= x;
            if (exponent > 1)
                x *= x;
        }
        return result;
    }
}
