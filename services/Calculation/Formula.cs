using NCalc;
using NCalc.Exceptions;

namespace CarbonMarket.Calculation;

/// <summary>What a formula reads while it is computed: single figures and lists of them, by place.</summary>
internal sealed class Figures(int names)
{
    public decimal[] Single { get; } = new decimal[names];

    public decimal[][] Lists { get; } = new decimal[names][];
}

/// <summary>A name a formula may use: where its figure stands, in which unit, and whether there are many of it.</summary>
internal sealed record FormulaName(int Place, Unit Unit, bool Many);

/// <summary>Why a formula of a pack is none.</summary>
internal sealed class FormulaException(string problem, string right) : Exception(problem)
{
    public string Right { get; } = right;
}

/// <summary>
/// An expression of a method pack, parsed by NCalc and compiled against the units of its names: a formula whose dimensions
/// do not fit is refused when the pack is loaded, and computing one is arithmetic of decimals alone.
/// </summary>
internal sealed class Formula
{
    private static readonly LogicalExpressionParserOptions Options =
        new() { FloatingPointNumberType = FloatingPointNumberType.Decimal, IntegerNumberType = IntegerNumberType.Int64 };

    private readonly Func<Figures, decimal> _value;

    private Formula(Func<Figures, decimal> value, IReadOnlySet<string> uses)
    {
        _value = value;
        Uses = uses;
    }

    /// <summary>The names the expression reads.</summary>
    public IReadOnlySet<string> Uses { get; }

    public static Formula Compile(string expression, Unit declared, IReadOnlyDictionary<string, FormulaName> names)
    {
        LogicalExpression parsed;
        try
        {
            parsed = LogicalExpressionParser.Parse(expression, Options, System.Globalization.CultureInfo.InvariantCulture, CancellationToken.None);
        }
        catch (NCalcParserException exception)
        {
            throw new FormulaException($"{expression} cannot be read: {exception.InnerException?.Message ?? exception.Message}", "an expression");
        }
        var compiler = new FormulaCompiler(names);
        var node = parsed.Accept(compiler);
        if (node.Number is not { } number)
            throw new FormulaException($"{expression} is a condition", "an expression with a figure");
        if (node.Unit is { } unit && !unit.SameDimension(declared))
            throw new FormulaException($"{expression} is {unit.Dimension} (in {unit}), not {declared.Dimension}", $"a unit of {unit.Dimension}");
        return new Formula(FormulaCompiler.Convert(number, node.Unit, declared), compiler.Used);
    }

    public decimal Compute(Figures figures) => _value(figures);
}
