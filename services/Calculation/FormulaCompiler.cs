using System.Globalization;
using NCalc;
using NCalc.Visitors;

namespace CarbonMarket.Calculation;

/// <summary>
/// A part of a formula: a figure in a unit, a condition, or a list. The unit is null for the literal zero only, which is the
/// zero of every unit.
/// </summary>
internal sealed record FormulaNode(
    Unit? Unit = null, Func<Figures, decimal>? Number = null, Func<Figures, bool>? Condition = null, Func<Figures, decimal[]>? List = null, string? Text = null);

/// <summary>Walks an expression once, checks the dimension of every part and joins the parts into functions over decimals.</summary>
internal sealed class FormulaCompiler(IReadOnlyDictionary<string, FormulaName> names) : ILogicalExpressionVisitor<FormulaNode>
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Used => _used;

    public static Func<Figures, decimal> Convert(Func<Figures, decimal> number, Unit? from, Unit to)
    {
        if (from is null)
            return number;
        var (times, over) = from.To(to);
        if (times == over)
            return number;
        return over == 1 ? figures => number(figures) * times : figures => number(figures) * times / over;
    }

    public FormulaNode Visit(TernaryExpression expression) =>
        Choice(expression.LeftExpression, expression.MiddleExpression, expression.RightExpression);

    public FormulaNode Visit(BinaryExpression expression)
    {
        var (left, right) = (expression.LeftExpression.Accept(this), expression.RightExpression.Accept(this));
        switch (expression.Type)
        {
            case BinaryExpressionType.And:
                var (first, second) = (Condition(left), Condition(right));
                return new FormulaNode(Condition: figures => first(figures) && second(figures));
            case BinaryExpressionType.Or:
                var (one, other) = (Condition(left), Condition(right));
                return new FormulaNode(Condition: figures => one(figures) || other(figures));
            case BinaryExpressionType.Times:
                var (a, b) = (Number(left), Number(right));
                return new FormulaNode(Known(left).Times(Known(right)), figures => a(figures) * b(figures));
            case BinaryExpressionType.Div:
                var (above, below) = (Number(left), Number(right));
                return new FormulaNode(Known(left).Over(Known(right)), figures => above(figures) / below(figures));
            case BinaryExpressionType.Exponentiation:
                return Power(left, right);
            default:
                return Alike(expression.Type, left, right);
        }
    }

    public FormulaNode Visit(UnaryExpression expression)
    {
        var node = expression.Expression.Accept(this);
        if (expression.Type is UnaryExpressionType.Not && Condition(node) is var condition)
            return new FormulaNode(Condition: figures => !condition(figures));
        var number = Number(node);
        return expression.Type switch
        {
            UnaryExpressionType.Negate => new FormulaNode(node.Unit, figures => -number(figures)),
            UnaryExpressionType.Positive => node,
            _ => throw Unknown(expression.Type),
        };
    }

    public FormulaNode Visit(ValueExpression expression)
    {
        if (expression.Value is string text)
            return new FormulaNode(Text: text);
        if (expression.Value is not (long or int or decimal))
            throw new FormulaException($"{expression.Value} is no number", "a decimal number");
        var value = System.Convert.ToDecimal(expression.Value, CultureInfo.InvariantCulture);
        return new FormulaNode(value == 0 ? null : Unit.One, _ => value);
    }

    public FormulaNode Visit(Identifier identifier)
    {
        if (!names.TryGetValue(identifier.Name, out var name))
            throw new FormulaException($"{identifier.Name} is not known here", "one of " + string.Join(", ", names.Keys.Order(StringComparer.Ordinal)));
        _used.Add(identifier.Name);
        var place = name.Place;
        return name.Many
            ? new FormulaNode(name.Unit, List: figures => figures.Lists[place])
            : new FormulaNode(name.Unit, figures => figures.Single[place]);
    }

    public FormulaNode Visit(Function function)
    {
        var given = function.Parameters;
        return (function.Identifier.Name, given.Count) switch
        {
            ("if", 3) => Choice(given[0], given[1], given[2]),
            ("min", 2) => Alike(given[0].Accept(this), given[1].Accept(this), Math.Min),
            ("max", 2) => Alike(given[0].Accept(this), given[1].Accept(this), Math.Max),
            ("exp", 1) => Exponential(given[0].Accept(this)),
            ("sum", 1) => Total(given[0].Accept(this)),
            ("mean", 1) => Mean(given[0].Accept(this)),
            ("weightedMean", 2) => WeightedMean(given[0].Accept(this), given[1].Accept(this)),
            ("number", 2) => NumberIn(given[0].Accept(this), given[1].Accept(this)),
            _ => throw new FormulaException(
                $"{function.Identifier.Name} with {given.Count} parameters is not known",
                "if(condition, x, y), min(x, y), max(x, y), exp(x), sum(list), mean(list), weightedMean(list, weights) or number(x, 'unit')"),
        };
    }

    public FormulaNode Visit(LogicalExpressionList list) => throw new FormulaException("a list is written out", "the name of an input with many figures");

    private static FormulaNode Alike(BinaryExpressionType type, FormulaNode left, FormulaNode right) => type switch
    {
        BinaryExpressionType.Plus => Alike(left, right, (a, b) => a + b),
        BinaryExpressionType.Minus => Alike(left, right, (a, b) => a - b),
        BinaryExpressionType.Lesser => Compare(left, right, (a, b) => a < b),
        BinaryExpressionType.LesserOrEqual => Compare(left, right, (a, b) => a <= b),
        BinaryExpressionType.Greater => Compare(left, right, (a, b) => a > b),
        BinaryExpressionType.GreaterOrEqual => Compare(left, right, (a, b) => a >= b),
        BinaryExpressionType.Equal => Compare(left, right, (a, b) => a == b),
        BinaryExpressionType.NotEqual => Compare(left, right, (a, b) => a != b),
        _ => throw Unknown(type),
    };

    private static FormulaNode Alike(FormulaNode left, FormulaNode right, Func<decimal, decimal, decimal> operation)
    {
        var (unit, a, b) = Together(left, right);
        return new FormulaNode(unit, figures => operation(a(figures), b(figures)));
    }

    private static FormulaNode Compare(FormulaNode left, FormulaNode right, Func<decimal, decimal, bool> comparison)
    {
        var (_, a, b) = Together(left, right);
        return new FormulaNode(Condition: figures => comparison(a(figures), b(figures)));
    }

    /// <summary>Two figures that are added, compared or chosen between: one dimension, and the second in the first one's unit.</summary>
    private static (Unit? Unit, Func<Figures, decimal> Left, Func<Figures, decimal> Right) Together(FormulaNode left, FormulaNode right)
    {
        var (a, b) = (Number(left), Number(right));
        if (left.Unit is null || right.Unit is null)
            return (left.Unit ?? right.Unit, a, b);
        if (!left.Unit.SameDimension(right.Unit))
            throw new FormulaException(
                $"{left.Unit.Dimension} (in {left.Unit}) meets {right.Unit.Dimension} (in {right.Unit})", $"two figures of {left.Unit.Dimension}");
        return (left.Unit, a, Convert(b, right.Unit, left.Unit));
    }

    private FormulaNode Choice(LogicalExpression when, LogicalExpression then, LogicalExpression otherwise)
    {
        var condition = Condition(when.Accept(this));
        var (unit, a, b) = Together(then.Accept(this), otherwise.Accept(this));
        return new FormulaNode(unit, figures => condition(figures) ? a(figures) : b(figures));
    }

    private static FormulaNode Power(FormulaNode left, FormulaNode right)
    {
        var (number, exponent) = (Pure(left, "what is raised"), Pure(right, "an exponent"));
        return new FormulaNode(Unit.One, figures => DecimalPower.Pow(number(figures), exponent(figures)));
    }

    private static FormulaNode Exponential(FormulaNode node)
    {
        var exponent = Pure(node, "an exponent");
        return new FormulaNode(Unit.One, figures => DecimalPower.Exp(exponent(figures)));
    }

    private static FormulaNode Total(FormulaNode node)
    {
        var list = List(node);
        return new FormulaNode(node.Unit, figures => list(figures).Aggregate(0m, (sum, value) => sum + value));
    }

    private static FormulaNode Mean(FormulaNode node)
    {
        var list = List(node);
        return new FormulaNode(node.Unit, figures => list(figures).Aggregate(0m, (sum, value) => sum + value) / list(figures).Length);
    }

    /// <summary>Σ(x·w) / Σw over two lists of one length; without weight there is nothing to weigh, and the mean is zero.</summary>
    private static FormulaNode WeightedMean(FormulaNode node, FormulaNode weight)
    {
        var (list, weights) = (List(node), List(weight));
        return new FormulaNode(node.Unit, figures =>
        {
            var (x, w) = (list(figures), weights(figures));
            if (x.Length != w.Length)
                throw new ArithmeticException($"{x.Length} figures cannot be weighted by {w.Length}.");
            var (sum, total) = (0m, 0m);
            for (var index = 0; index < x.Length; index++)
                (sum, total) = (sum + (x[index] * w[index]), total + w[index]);
            return total == 0 ? 0 : sum / total;
        });
    }

    /// <summary>The bare number of a figure in a stated unit, where a law's formula is written for that unit.</summary>
    private static FormulaNode NumberIn(FormulaNode node, FormulaNode text)
    {
        var number = Number(node);
        if (!Unit.TryParse(text.Text, out var unit) || !unit.SameDimension(Known(node)))
            throw new FormulaException($"{Known(node).Dimension} has no number in {text.Text}", $"a unit of {Known(node).Dimension} in quotes");
        return new FormulaNode(Unit.One, Convert(number, node.Unit, unit));
    }

    private static Func<Figures, decimal> Pure(FormulaNode node, string what)
    {
        if (node.Unit is { } unit && !unit.SameDimension(Unit.One))
            throw new FormulaException($"{what} is {unit.Dimension} (in {unit})", "a number without unit");
        return Convert(Number(node), node.Unit, Unit.One);
    }

    private static Unit Known(FormulaNode node) => node.Unit ?? Unit.One;

    private static Func<Figures, decimal> Number(FormulaNode node) => node.Number
        ?? throw new FormulaException("a condition, a text or a list stands where a figure should", "a figure; sum(list) of a list");

    private static Func<Figures, bool> Condition(FormulaNode node) => node.Condition
        ?? throw new FormulaException("a figure stands where a condition should", "a comparison");

    private static Func<Figures, decimal[]> List(FormulaNode node) => node.List
        ?? throw new FormulaException("a single figure stands where a list should", "an input with many figures");

    private static FormulaException Unknown<T>(T type) => new($"the operation {type} is not known", "+ - * / ** < <= > >= == != && || !");
}
